import type { LocalNetworks } from '../../../base/networks.ts';
import type { Reason } from '../../../events/finding.ts';
import type { SqlRow } from '../../../store/store.ts';

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

/** A tunnel's address is asked for its own sake: a page's requests come among those for its parts. */
export const fewPaths = 2;
/** A service of the organisation, or of a product that it uses, has more clients than an intruder has machines. */
export const manyClients = 5;

/** How an address stands among what is asked of its server and by whom: a page's does not stand alone, a tunnel's does. `row` has its `paths`, `referred` and `clients`. */
export function standing(row: SqlRow, path: string): readonly Reason[] {
  const [paths, referred, clients] = [Number(row['paths']), Number(row['referred']), Number(row['clients'])];
  return [
    ...part(paths <= fewPaths, {
      what: 'nothing else is asked of that server',
      value: `paths: ${paths}`,
      weight: 0.15,
    }),
    ...part(referred === 0, { what: 'no page led there', value: path, weight: 0.05 }),
    ...part(clients >= manyClients, { what: 'many clients use that address', value: `${clients}`, weight: -0.3 }),
  ];
}
