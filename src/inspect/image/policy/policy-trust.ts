import { createHash } from 'node:crypto';
import { messageOf } from '../../../base/errors.ts';
import { formatIso, type Micros } from '../../../base/time.ts';
import type { IndexedSignature } from '../index-store/record.ts';
import type { OpenImageOptions } from '../open-store.ts';
import type { Trust } from '../signature-scheme.ts';
import { readTrustFile, readTrustStore } from '../verify-stores.ts';
import { openSignedImage } from '../verify-subject.ts';
import { loadTrust } from '../verify-trust.ts';
import { countsAsSignature, verifySignatures } from '../verify.ts';
import type { ImagePolicy } from './policy.ts';

type Signed = NonNullable<ImagePolicy['signed']>;

/** Names what a policy trusts, by the content of its files: a new key asks all images again. */
export function trustId({ keys, trusted_root, trust_policy, trust_store, ...rest }: Signed): string {
  const hash = createHash('sha256').update(JSON.stringify(rest));
  for (const path of [...keys, trusted_root, trust_policy]) {
    if (path !== undefined) hash.update(createHash('sha256').update(readTrustFile(path)).digest());
  }
  for (const [name, certificates] of trust_store === undefined ? [] : readTrustStore(trust_store)) {
    hash.update(`${name} ${certificates.map(({ fingerprint256 }) => fingerprint256).join(' ')}`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** What a policy trusts. Throws as `loadTrust` does. */
export function loadPolicyTrust(signed: Signed, at: Micros): Promise<Trust> {
  const { keys, trusted_root, identity, issuer, trust_policy, trust_store, attestations } = signed;
  return loadTrust({
    keys,
    logKeys: [],
    rootCertificates: [],
    attestations,
    at,
    ...(trusted_root === undefined ? {} : { trustedRoot: trusted_root }),
    ...(identity === undefined ? {} : { identity }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(trust_policy === undefined ? {} : { trustPolicy: trust_policy }),
    ...(trust_store === undefined ? {} : { trustStore: trust_store }),
  });
}

/** Judges the signatures of an image for the index. What cannot be read is told in the result, not thrown. */
export async function signatureForIndex(
  reference: string,
  trust: Trust,
  id: string,
  options: OpenImageOptions,
): Promise<IndexedSignature> {
  const judgedAt = formatIso(trust.at);
  try {
    const { things, problems } = await openSignedImage(reference, options);
    const { state, signatures } = await verifySignatures(things, trust);
    const valid = signatures.find((one) => one.isValid && countsAsSignature(one, trust));
    const failed = signatures.flatMap(({ checks }) => checks.filter((check) => check.state === 'failed'))[0];
    if (state !== 'valid' && problems[0] !== undefined) {
      return { state: 'unreadable', detail: problems[0].message, judgedAt, trust: id };
    }
    const fault = failed === undefined ? '' : `${failed.name}: ${failed.detail}`;
    const detail = state === 'valid' ? (valid?.signer ?? '') : fault;
    return { state, detail, judgedAt, trust: id };
  } catch (error) {
    options.signal?.throwIfAborted();
    return { state: 'unreadable', detail: messageOf(error), judgedAt, trust: id };
  }
}
