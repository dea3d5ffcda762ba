import { canonicalIp } from '../base/ip.ts';
import type { Claim, Handle } from './claim.ts';
import type { Measures } from './measures.ts';

/** How things are called in a story. */
export interface Labels {
  /** Machines that it happened on: names rather than addresses, in order of first appearance. */
  readonly hosts: readonly string[];
  hostOf(claim: Claim): string | undefined;
  /** The far side of a claim, most specific first and a name rather than an address; undefined when it has none. */
  farOf(claim: Claim): string | undefined;
}

export function labelsOf(claims: readonly Claim[], measures: Measures): Labels {
  const byKey = new Map<string, string>();
  for (const handle of claims.flatMap((claim) => [...claim.handles.values()])) {
    if (handle.category !== 'place' || handle.entity.kind === 'container') continue;
    const known = byKey.get(handle.key);
    if (known === undefined || isBetterName(handle.entity.value, known)) byKey.set(handle.key, handle.entity.value);
  }
  const subjects = [...new Set(claims.flatMap((claim) => claim.subject ?? []))];
  return {
    hosts: subjects.flatMap((key) => byKey.get(key) ?? []),
    hostOf: (claim) => (claim.subject === undefined ? undefined : byKey.get(claim.subject)),
    farOf: (claim) => {
      const far = [...claim.handles.values()].filter((handle) => handle.category === 'far' && handle.role === 'own');
      const peer = [...claim.handles.values()].find((handle) => handle.role === 'peer');
      const [first] = far.sort((a, b) => measures.rarity(b) - measures.rarity(a) || nameOrder(a) - nameOrder(b));
      return first?.entity.value ?? (peer === undefined ? undefined : (byKey.get(peer.key) ?? peer.entity.value));
    },
  };
}

function nameOrder(handle: Handle): number {
  return ['domain', 'address', 'url'].indexOf(handle.entity.kind);
}

function isBetterName(value: string, known: string): boolean {
  const [isIp, wasIp] = [canonicalIp(value) !== undefined, canonicalIp(known) !== undefined];
  if (isIp !== wasIp) return wasIp;
  return value.length < known.length || (value.length === known.length && value < known);
}

/** `web01`, `web01 and db02`, `web01 and 2 more hosts`. */
export function listHosts(hosts: readonly string[]): string {
  const [first, second] = hosts;
  if (first === undefined) return '';
  if (second === undefined) return first;
  return hosts.length === 2 ? `${first} and ${second}` : `${first} and ${hosts.length - 1} more hosts`;
}
