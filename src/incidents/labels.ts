import { canonicalIp } from '../base/ip.ts';
import type { Claim, Handle } from './claim.ts';
import type { Measures } from './measures.ts';

/** How things are called in a story. */
export interface Labels {
  /** Machines that it happened on: names rather than addresses, in order of first appearance. */
  readonly hosts: readonly string[];
  hostOf(claim: Claim): string | undefined;
  /** The far side of a claim, most specific first and a name rather than an address; an address in its texts where nothing else; undefined when it has none. */
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
      const handles = [...claim.handles.values()];
      const [far] = handles
        .filter(isOwnFar)
        .sort((x, y) => measures.rarity(y) - measures.rarity(x) || nameOrder(x) - nameOrder(y));
      const peer = handles.find((handle) => handle.role === 'peer');
      const named = handles.find(({ role, entity }) => role === 'named' && entity.kind === 'address');
      return (
        far?.entity.value ?? (peer === undefined ? named?.entity.value : (byKey.get(peer.key) ?? peer.entity.value))
      );
    },
  };
}

function isOwnFar({ category, role }: Handle): boolean {
  return category === 'far' && role === 'own';
}

function nameOrder(handle: Handle): number {
  return ['domain', 'address', 'url'].indexOf(handle.entity.kind);
}

/** What a host is called by where its log stands, for want of any name. */
function isMadeUp(name: string): boolean {
  return name.startsWith('host of ');
}

function isBetterName(value: string, known: string): boolean {
  if (isMadeUp(value) !== isMadeUp(known)) return isMadeUp(known);
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
