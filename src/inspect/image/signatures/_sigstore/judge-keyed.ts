import { createHash } from 'node:crypto';
import type { SignedEntity, TrustMaterial } from '@sigstore/verify';
import type { Micros } from '../../../../base/time.ts';
import type { Trust, TrustedKey } from '../../signature-scheme.ts';
import type { CheckList } from '../_checks/checks.ts';
import { logText, timeOf, timeText } from './evidence.ts';
import { compareEntries, runStages, type Proven, type Stage } from './stages.ts';

/** Judges a signature with a key: `key` is the given one that it holds under, undefined when there is none. */
export async function judgeKeyed(
  entity: SignedEntity,
  material: TrustMaterial,
  key: TrustedKey | undefined,
  trust: Trust,
  checks: CheckList,
): Promise<Proven> {
  if (key === undefined) {
    const names = trust.keys.map(({ name }) => name).join(', ');
    if (names === '') checks.failed('identity', 'it was signed with a key, and none was given');
    else checks.failed('signature', `it does not hold under ${names}`);
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
  const verifiable: SignedEntity = {
    ...entity,
    key: { $case: 'public-key', hint: '' },
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

/** `SHA256:` and the hash of the key in DER, as cosign and openssl show it. */
function fingerprintOf({ key }: TrustedKey): string {
  const der = key.export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('hex')}`;
}
