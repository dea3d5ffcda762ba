import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { TrustMaterial } from '@sigstore/verify';
import type { Trust } from '../../signature-scheme.ts';

export interface LoadedMaterial {
  /** With no key: those of a bundle are found by trying each. */
  readonly material: TrustMaterial;
  /** What of the trusted root is not used, and why. */
  readonly leftOut: readonly string[];
}

const endOfTime = new Date(8.64e15);

/** What Sigstore's own library needs, out of the trusted root and the keys of logs; a text says what is wrong with the root. */
export async function loadMaterial(trust: Trust): Promise<LoadedMaterial | string> {
  const { TrustedRoot } = await import('@sigstore/protobuf-specs');
  const { toTrustMaterial } = await import('@sigstore/verify');
  try {
    const root = TrustedRoot.fromJSON(trust.trustedRoot ?? {});
    const leftOut: string[] = [];
    // A log whose key has no beginning would be trusted for all of the past; the specification requires one, the library does not.
    const isUsable = (kind: string, log: (typeof root.tlogs)[number]): boolean => {
      if (log.publicKey?.validFor?.start !== undefined) return true;
      leftOut.push(`the ${kind} ${log.baseUrl}: its key has no beginning of validity`);
      return false;
    };
    const material = toTrustMaterial({
      ...root,
      tlogs: root.tlogs.filter((log) => isUsable('transparency log', log)),
      ctlogs: root.ctlogs.filter((log) => isUsable('certificate log', log)),
    });
    return { material: { ...material, tlogs: [...material.tlogs, ...trust.logKeys.map(logOf)] }, leftOut };
  } catch {
    return 'the trusted root is no valid Sigstore trusted root';
  }
}

/** A log known by its key alone: its entries' promises can be verified, its checkpoints cannot, because they name the log. */
function logOf({ key }: { readonly key: KeyObject }): TrustMaterial['tlogs'][number] {
  const logID = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
  return { baseURL: '', logID, publicKey: key, validFor: { start: new Date(0), end: endOfTime } };
}
