import { microsPerHour } from '../base/time.ts';
import type { Claim } from './claim.ts';
import type { Link } from './compare.ts';

/** Claims that grew together, and the links that they grew by. */
export interface Group {
  readonly claims: readonly Claim[];
  readonly links: readonly Link[];
}

/** A story of more claims is nobody's to read, and a sign that something common was taken for specific. */
const maxClaims = 200;
/** Two groups of at least this many claims are stories of their own: a weak bridge does not make them one. */
const storyClaims = 3;
const strongBridge = 0.6;
/** Each round joins all pairs that it can; more rounds than this only ever serve evidence made to keep us busy. */
const maxBridgeRounds = 16;
/** A host is a place where much happens over the weeks: being there alone does not stretch a story past this. */
const maxSpanByPlaceMicros = 72 * microsPerHour;

interface Growing {
  claims: Claim[];
  links: Link[];
  first: number;
  last: number;
}

/**
 * Grows groups from the strongest link to the weakest: first what happened on one machine, then across machines.
 * Links between two stories are held back; they join them only when independent ones are strong together.
 */
export function growGroups(claims: readonly Claim[], links: readonly Link[]): Group[] {
  const groups = claims.map((claim): Growing => ({
    claims: [claim],
    links: [],
    first: claim.first,
    last: claim.first,
  }));
  const heldBack: Link[] = [];
  for (const link of inOrder(links)) {
    const a = groups[link.a];
    const b = groups[link.b];
    if (a === undefined || b === undefined || a === b || !mayGrow(a, b, link)) continue;
    if (link.weight < strongBridge && isStory(a) && isStory(b)) heldBack.push(link);
    else merge(groups, a, b, [link]);
  }
  bridge(groups, heldBack);
  return [...new Set(groups)].map((group) => ({
    claims: group.claims.sort((x, y) => x.index - y.index),
    links: group.links,
  }));
}

function inOrder(links: readonly Link[]): Link[] {
  return [...links].sort(
    (x, y) => Number(y.onOneHost) - Number(x.onOneHost) || y.weight - x.weight || x.a - y.a || x.b - y.b,
  );
}

function mayGrow(a: Growing, b: Growing, link: Link): boolean {
  if (a.claims.length + b.claims.length > maxClaims) return false;
  return !link.byPlaceOnly || Math.max(a.last, b.last) - Math.min(a.first, b.first) <= maxSpanByPlaceMicros;
}

function isStory(group: Growing): boolean {
  return group.claims.length >= storyClaims;
}

function merge(groups: Growing[], a: Growing, b: Growing, links: readonly Link[]): void {
  const [large, small] = a.claims.length >= b.claims.length ? [a, b] : [b, a];
  for (const claim of small.claims) groups[claim.index] = large;
  large.claims.push(...small.claims);
  large.links.push(...small.links, ...links);
  large.first = Math.min(large.first, small.first);
  large.last = Math.max(large.last, small.last);
}

/** Joins stories whose held-back links, at most one for each shared thing, are together as good as a strong one. */
function bridge(groups: Growing[], heldBack: readonly Link[]): void {
  for (let round = 0, isChanged = true; isChanged && round < maxBridgeRounds; round++) {
    isChanged = false;
    for (const bridges of bridgesBetween(groups, heldBack)) {
      const [link] = bridges;
      const a = link === undefined ? undefined : groups[link.a];
      const b = link === undefined ? undefined : groups[link.b];
      if (link === undefined || a === undefined || b === undefined || a === b || !mayGrow(a, b, link)) continue;
      if (1 - bridges.reduce((rest, one) => rest * (1 - one.weight), 1) < strongBridge) continue;
      merge(groups, a, b, bridges);
      isChanged = true;
    }
  }
}

function bridgesBetween(groups: readonly Growing[], heldBack: readonly Link[]): Link[][] {
  const byPair = new Map<string, Map<string, Link>>();
  for (const link of heldBack) {
    const a = groups[link.a]?.claims[0]?.index ?? link.a;
    const b = groups[link.b]?.claims[0]?.index ?? link.b;
    if (a === b) continue;
    const pair = a < b ? `${a} ${b}` : `${b} ${a}`;
    const byKey = byPair.get(pair) ?? new Map<string, Link>();
    if (!byKey.has(link.key)) byKey.set(link.key, link);
    byPair.set(pair, byKey);
  }
  return [...byPair.values()].map((byKey) => [...byKey.values()].sort((x, y) => y.weight - x.weight));
}
