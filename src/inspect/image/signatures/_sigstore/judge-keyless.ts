import type { X509Certificate } from 'node:crypto';
import type { SignedEntity, TrustMaterial } from '@sigstore/verify';
import type { Trust } from '../../signature-scheme.ts';
import type { CheckList } from '../_checks/checks.ts';
import { logText, timeOf, timeText } from './evidence.ts';
import { parseCertificate } from './parse-certificate.ts';
import { compareEntries, runStages, type Proven, type Stage } from './stages.ts';

const codeSigning = '1.3.6.1.5.5.7.3.3';

/** Judges a signature by the certificate that stands beside it. */
export async function judgeKeyless(
  entity: SignedEntity,
  material: TrustMaterial,
  trust: Trust,
  checks: CheckList,
): Promise<Proven> {
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

function leafOf({ key }: SignedEntity): X509Certificate | undefined {
  return key.$case === 'certificate' ? parseCertificate(key.certificate.root.toDER()) : undefined;
}
