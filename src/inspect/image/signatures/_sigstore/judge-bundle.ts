import { X509Certificate, createHash, verify, type KeyObject } from 'node:crypto';
import type { Bundle } from '@sigstore/bundle';
import type { SignedEntity, Signer, TrustMaterial } from '@sigstore/verify';
import { messageOf } from '../../../../base/errors.ts';
import { formatIso, type Micros } from '../../../../base/time.ts';
import type { CheckList } from '../_checks/checks.ts';
import type { CheckName, Trust, TrustedKey } from '../../signature-scheme.ts';
import { entryNamesKey } from './entry-signer.ts';
import { boundsFault } from './bounds.ts';
import { loadMaterial } from './trust-material.ts';

export interface BundleOutcome {
  readonly signer?: string;
  readonly signedAt?: Micros;
}

interface Stage {
  readonly name: CheckName;
  readonly passed: string;
}

const codeSigning = '1.3.6.1.5.5.7.3.3';

/** Checks that a bundle needs to be valid, by how it was signed; the digest is the business of whoever knows the payload. */
export function neededChecks(bundle: Bundle): readonly CheckName[] {
  return isKeyless(bundle)
    ? ['format', 'time', 'chain', 'sct', 'log', 'signature', 'identity']
    : ['format', 'signature', 'identity'];
}

export function isKeyless(bundle: Bundle): boolean {
  return bundle.verificationMaterial.content.$case !== 'publicKey';
}

/**
 * Verifies all of a bundle but what its payload says: time, chain, certificate log, transparency log, signature, identity. The
 * library does the cryptography and stops at the first fault; what comes after it is told as not checked.
 */
export async function judgeBundle(
  bundle: Bundle,
  artifact: Buffer | undefined,
  trust: Trust,
  checks: CheckList,
): Promise<BundleOutcome> {
  const loaded = await loadMaterial(trust);
  if (typeof loaded === 'string') {
    checks.failed('chain', loaded);
    return {};
  }
  const fault = boundsFault(bundle) ?? rootInChain(bundle);
  if (fault !== undefined) {
    checks.failed('format', fault);
    return {};
  }
  if (artifact === undefined && bundle.content.$case === 'messageSignature') {
    checks.notChecked('signature', 'it is over the artifact itself, of which only the digest is known');
    return {};
  }
  const { toSignedEntity } = await import('@sigstore/verify');
  let entity: SignedEntity;
  try {
    const read = toSignedEntity(bundle, artifact);
    entity = { ...read, signature: withEd25519(read.signature, artifact) };
  } catch (error) {
    checks.failed('format', messageOf(error));
    return {};
  }
  const { material, leftOut } = loaded;
  const outcome = isKeyless(bundle)
    ? await judgeKeyless(entity, material, trust, checks)
    : await judgeKeyed(entity, material, trust, checks);
  if (leftOut.length > 0) checks.notChecked('root', `not used: ${leftOut.join('; ')}`);
  return outcome;
}

async function judgeKeyless(
  entity: SignedEntity,
  material: TrustMaterial,
  trust: Trust,
  checks: CheckList,
): Promise<BundleOutcome> {
  if (trust.trustedRoot === undefined) {
    checks.notChecked('chain', 'it was signed without a key, and no trusted root was given');
    return {};
  }
  const { Verifier } = await import('@sigstore/verify');
  const stages: readonly Stage[] = [
    { name: 'time', passed: timeText(entity) },
    { name: 'chain', passed: 'to a certificate authority of the trusted root, at the time of signing' },
    { name: 'sct', passed: 'by a certificate log of the trusted root' },
    { name: 'log', passed: logText(entity) },
    { name: 'signature', passed: 'by the key of the certificate' },
  ];
  const signer = runStages(stages, () => new Verifier(material).verify(entity), checks);
  if (signer === undefined) return {};
  compareEntries(entity, signer.key, checks);
  const certificate = leafOf(entity);
  if (certificate?.keyUsage?.includes(codeSigning) !== true) {
    checks.failed('chain', 'the certificate is not for signing code');
  }
  const name = signer.identity?.subjectAlternativeName ?? '';
  judgeIdentity(name, signer.identity?.extensions?.issuer ?? '', trust, checks);
  const signedAt = timeOf(entity);
  return { signer: name, ...(signedAt === undefined ? {} : { signedAt }) };
}

function judgeIdentity(name: string, issuer: string, trust: Trust, checks: CheckList): void {
  const { identity } = trust;
  const who = `${name}, vouched for by ${issuer}`;
  if (identity === undefined) checks.notChecked('identity', `${who}; nobody was asked for`);
  else if (!identity.pattern.test(name.toWellFormed())) checks.failed('identity', `${who}; wanted ${identity.text}`);
  else if (identity.issuer !== undefined && identity.issuer !== issuer) {
    checks.failed('identity', `${who}; wanted the issuer ${identity.issuer}`);
  } else checks.passed('identity', who);
}

async function judgeKeyed(
  entity: SignedEntity,
  material: TrustMaterial,
  trust: Trust,
  checks: CheckList,
): Promise<BundleOutcome> {
  if (trust.keys.length === 0) {
    checks.failed('identity', 'it was signed with a key, and none was given');
    return {};
  }
  const key = trust.keys.find((one) => entity.signature.verifySignature(one.key));
  if (key === undefined) {
    const names = trust.keys.map(({ name }) => name).join(', ');
    checks.failed('signature', `it does not hold under ${names}`);
    return {};
  }
  const signer = `${key.name} (${fingerprintOf(key)})`;
  checks.passed('signature', `by ${key.name}`);
  checks.passed('identity', signer);
  const signedAt = await judgeEntriesOfKey(entity, material, key, checks);
  return { signer, ...(signedAt === undefined ? {} : { signedAt }) };
}

/** Log entries and time stamps beside a signature by a known key: no need, and those that can be verified must hold. */
async function judgeEntriesOfKey(
  entity: SignedEntity,
  material: TrustMaterial,
  { key }: TrustedKey,
  checks: CheckList,
): Promise<Micros | undefined> {
  const hasLogs = material.tlogs.length > 0;
  const hasAuthorities = material.timestampAuthorities.length > 0;
  const verifiable = {
    ...entity,
    tlogEntries: hasLogs ? entity.tlogEntries : [],
    timestamps: entity.timestamps.filter(({ $case }) => ($case === 'transparency-log' ? hasLogs : hasAuthorities)),
  };
  if (entity.tlogEntries.length === 0) checks.notChecked('log', 'it was not written into a transparency log');
  else if (!hasLogs) {
    checks.notChecked('log', 'there is an entry, but neither a trusted root nor a key of the log was given');
  }
  const stages: readonly Stage[] = [
    ...(verifiable.timestamps.length > 0 ? [{ name: 'time', passed: timeText(verifiable) } as const] : []),
    ...(verifiable.tlogEntries.length > 0 ? [{ name: 'log', passed: logText(verifiable) } as const] : []),
  ];
  if (stages.length === 0) return undefined;
  const { Verifier } = await import('@sigstore/verify');
  const trusted = { ...material, publicKey: () => ({ publicKey: key, validFor: () => true }) };
  const verifier = new Verifier(trusted, { tlogThreshold: 0, timestampThreshold: 0 });
  if (runStages(stages, () => verifier.verify(verifiable), checks) === undefined) return undefined;
  compareEntries(verifiable, key, checks);
  return timeOf(verifiable);
}

/** Runs the library once: stages before the one that its error belongs to passed, later ones were not reached. */
function runStages(stages: readonly Stage[], work: () => Signer, checks: CheckList): Signer | undefined {
  try {
    const signer = work();
    for (const { name, passed } of stages) checks.passed(name, passed);
    return signer;
  } catch (error) {
    const failed = stageOf(error);
    const at = stages.findIndex(({ name }) => name === failed);
    for (const [index, { name, passed }] of stages.entries()) {
      // The time of a log counts only once its entry holds.
      if (index < at && name !== 'time') checks.passed(name, passed);
      else if (index !== at) checks.notChecked(name, `not reached: ${failed} failed`);
    }
    checks.failed(failed, messageOf(error));
    return undefined;
  }
}

function stageOf(error: unknown): CheckName {
  const code = (error as { readonly code?: unknown }).code;
  if (code === 'TIMESTAMP_ERROR') return 'time';
  if (code === 'CERTIFICATE_ERROR') return messageOf(error).includes('SCT') ? 'sct' : 'chain';
  if (code === 'PUBLIC_KEY_ERROR') return 'identity';
  if (code === 'SIGNATURE_ERROR') return 'signature';
  return typeof code === 'string' && code.startsWith('TLOG_') ? 'log' : 'format';
}

function compareEntries({ tlogEntries }: SignedEntity, key: KeyObject, checks: CheckList): void {
  if (tlogEntries.every(({ canonicalizedBody }) => entryNamesKey(canonicalizedBody, key))) return;
  checks.failed('log', 'the entry names another key than that of the signer');
}

/** Ed25519 signs what it is given without a hash before it; the library gives every key of a message signature one. */
function withEd25519(content: SignedEntity['signature'], artifact: Buffer | undefined): SignedEntity['signature'] {
  return {
    signature: content.signature,
    compareSignature: (signature) => content.compareSignature(signature),
    compareDigest: (digest) => content.compareDigest(digest),
    compareSignedDigest: (digest) => content.compareSignedDigest(digest),
    verifySignature: (key) =>
      content.verifySignature(key) ||
      (key.asymmetricKeyType === 'ed25519' && artifact !== undefined && verify(null, artifact, key, content.signature)),
  };
}

/** The specification forbids a root in the chain of a bundle: who carries a root along wants it to be trusted. */
function rootInChain({ verificationMaterial: { content } }: Bundle): string | undefined {
  if (content.$case !== 'x509CertificateChain') return undefined;
  const isRoot = ({ rawBytes }: { readonly rawBytes: Buffer }): boolean => {
    const certificate = parseCertificate(rawBytes);
    return certificate !== undefined && certificate.subject === certificate.issuer;
  };
  const hasRoot = content.x509CertificateChain.certificates.slice(1).some(isRoot);
  return hasRoot ? 'the bundle carries a root certificate' : undefined;
}

function parseCertificate(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

function leafOf({ key }: SignedEntity): X509Certificate | undefined {
  return key.$case === 'certificate' ? parseCertificate(key.certificate.root.toDER()) : undefined;
}

function timeOf({ timestamps }: SignedEntity): Micros | undefined {
  const times = timestamps.map((stamp) =>
    stamp.$case === 'timestamp-authority'
      ? stamp.timestamp.signingTime.getTime() * 1000
      : Number(stamp.tlogEntry.integratedTime) * 1_000_000,
  );
  return times.length === 0 ? undefined : Math.min(...times);
}

function timeText(entity: SignedEntity): string {
  const sources = entity.timestamps.map((stamp) =>
    stamp.$case === 'timestamp-authority' ? 'a time-stamping authority' : 'the transparency log',
  );
  const time = timeOf(entity);
  return time === undefined ? '' : `${formatIso(time).slice(0, 19)}Z by ${[...new Set(sources)].join(' and ')}`;
}

function logText({ tlogEntries }: SignedEntity): string {
  const ways = tlogEntries.map(({ inclusionProof, inclusionPromise, logIndex }) => {
    const proof = inclusionProof === undefined ? [] : ['inclusion proof with signed checkpoint'];
    const promise = inclusionPromise === undefined ? [] : ['signed promise'];
    return `entry ${logIndex}: ${[...proof, ...promise].join(' and ')}`;
  });
  return ways.join('; ');
}

/** `SHA256:` and the hash of the key in DER, as cosign and openssl show it. */
function fingerprintOf({ key }: TrustedKey): string {
  const der = key.export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('hex')}`;
}
