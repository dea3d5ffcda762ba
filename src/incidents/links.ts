import type { Claim } from './claim.ts';
import { linkBetween, type Link } from './compare.ts';
import { holdsByPlace, isBroughtIn } from './factors.ts';
import type { Measures } from './measures.ts';

/** A pair below it is chance. */
const linkThreshold = 0.35;
/** One handle of each of the four categories at this weight stays below the threshold: 1 - 0.9^4 = 0.344. */
const leastSpecific = 0.1;
/** Claims before a claim, by the same handle, that it is compared with: keeps 10,000 claims on one handle linear. */
const neighbours = 12;

export function findLinks(claims: readonly Claim[], measures: Measures): Link[] {
  const links: Link[] = [];
  const compared = new Set<number>();
  for (const list of claimsByHandle(claims, measures)) {
    for (const [at, later] of list.entries()) {
      for (const earlier of list.slice(Math.max(0, at - neighbours), at)) {
        const pair = earlier.index * claims.length + later.index;
        if (compared.has(pair)) continue;
        compared.add(pair);
        const link = linkBetween(earlier, later, measures);
        if (link !== undefined && link.weight >= linkThreshold) links.push(link);
      }
    }
  }
  return links;
}

/** Claims that share a handle, in time order. Handles that could not even together reach the threshold are left out. */
function claimsByHandle(claims: readonly Claim[], measures: Measures): Iterable<readonly Claim[]> {
  const byHandle = new Map<string, Claim[]>();
  const broughtIn = new Set(claims.filter(isBroughtIn).flatMap((claim) => [...claim.handles.keys()]));
  for (const claim of claims) {
    for (const handle of claim.handles.values()) {
      if (handle.category === 'place' && !holdsByPlace(claim) && !broughtIn.has(handle.key)) continue;
      if (measures.specificity(handle) < leastSpecific) continue;
      const list = byHandle.get(handle.key);
      if (list === undefined) byHandle.set(handle.key, [claim]);
      else list.push(claim);
    }
  }
  return byHandle.values();
}
