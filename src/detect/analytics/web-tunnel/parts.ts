import type { LocalNetworks } from '../../../base/networks.ts';
import type { Reason } from '../../../events/finding.ts';

/** A reason where it holds. */
export function part(holds: boolean, reason: Reason): readonly Reason[] {
  return holds ? [reason] : [];
}

/** A channel between a machine of ours and one that is none, whichever of them opened it. */
export function crossing(source: string, destination: string, networks: LocalNetworks): readonly Reason[] {
  const isOurs = networks.isLocal(source);
  if (isOurs === networks.isLocal(destination)) return [];
  const what = isOurs ? 'leads out of our networks' : 'leads into our networks';
  return [{ what, value: isOurs ? destination : `${source} to ${destination}`, weight: 0.1 }];
}
