import type { Bundle } from '@sigstore/bundle';
import type { SignedEntity } from '@sigstore/verify';
import { messageOf } from '../../../../base/errors.ts';
import type { CheckName, Trust, TrustedKey } from '../../signature-scheme.ts';
import type { CheckList } from '../_checks/checks.ts';
import { boundsFault } from './bounds.ts';
import { timeOf } from './evidence.ts';
import { judgeKeyed } from './judge-keyed.ts';
import { judgeKeyless } from './judge-keyless.ts';
import { parseCertificate } from './parse-certificate.ts';
import { withMoreKeys } from './signature-content.ts';
import type { Proven } from './stages.ts';
import { loadMaterial } from './trust-material.ts';

export interface BundleOutcome {
  readonly how: 'keyless' | 'with a key';
  /** Nothing failed, and all that this way of signing needs was checked, and `digest`. */
  readonly isValid: (checks: CheckList) => boolean;
  readonly proven: Proven;
}

const needed = {
  keyless: ['format', 'time', 'chain', 'sct', 'log', 'signature', 'digest', 'identity'],
  'with a key': ['format', 'signature', 'digest', 'identity'],
} as const satisfies Record<BundleOutcome['how'], readonly CheckName[]>;

/**
 * Verifies all of a bundle but what its payload says: time, chain, certificate log, transparency log, signature, identity. The
 * library does the cryptography and stops at the first fault; what comes after it is told as not checked. A signature that holds under a
 * given key is one with a key, whatever certificate stands beside it.
 */
export async function judgeBundle(
  bundle: Bundle,
  artifact: Buffer | undefined,
  trust: Trust,
  checks: CheckList,
): Promise<BundleOutcome> {
  const hasCertificate = bundle.verificationMaterial.content.$case !== 'publicKey';
  const entity = await readEntity(bundle, artifact, checks);
  const key = entity === undefined ? undefined : trust.keys.find((one) => entity.signature.verifySignature(one.key));
  const how = hasCertificate && key === undefined ? 'keyless' : 'with a key';
  const proven = entity === undefined ? {} : await judgeEntity(entity, key, how, trust, checks);
  return { how, isValid: (list) => list.isValid(needed[how]), proven };
}

/** The bundle in the form of the library; undefined when something is wrong with it already. */
async function readEntity(
  bundle: Bundle,
  artifact: Buffer | undefined,
  checks: CheckList,
): Promise<SignedEntity | undefined> {
  const fault = boundsFault(bundle) ?? rootInChain(bundle);
  if (fault !== undefined) {
    checks.failed('format', fault);
    return undefined;
  }
  if (artifact === undefined && bundle.content.$case === 'messageSignature') {
    checks.notChecked('signature', 'it is over the artifact itself, of which only the digest is known');
    return undefined;
  }
  const { toSignedEntity } = await import('@sigstore/verify');
  try {
    const read = toSignedEntity(bundle, artifact);
    // Parts of time stamps are read only when they are asked for.
    if (!Number.isFinite(timeOf(read) ?? 0)) throw new RangeError('a time of a log or time stamp is none');
    return { ...read, signature: await withMoreKeys(read.signature, bundle, artifact) };
  } catch (error) {
    checks.failed('format', messageOf(error));
    return undefined;
  }
}

async function judgeEntity(
  entity: SignedEntity,
  key: TrustedKey | undefined,
  how: BundleOutcome['how'],
  trust: Trust,
  checks: CheckList,
): Promise<Proven> {
  const loaded = await loadMaterial(trust);
  if (typeof loaded === 'string') {
    checks.failed('chain', loaded);
    return {};
  }
  const { material, leftOut } = loaded;
  if (leftOut.length > 0) checks.notChecked('root', `not used: ${leftOut.join('; ')}`);
  return how === 'keyless'
    ? judgeKeyless(entity, material, trust, checks)
    : judgeKeyed(entity, material, key, trust, checks);
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
