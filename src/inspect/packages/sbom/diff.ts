import type { Package } from '../package.ts';

/** A package that both bills have, in other versions. */
export interface ChangedPackage {
  readonly type: Package['type'];
  readonly name: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

export interface SbomDifference {
  readonly added: readonly Package[];
  readonly removed: readonly Package[];
  readonly changed: readonly ChangedPackage[];
}

/** What the second list has that the first has not, and the other way; by type and name, each with the set of its versions. */
export function diffPackages(before: readonly Package[], after: readonly Package[]): SbomDifference {
  const [old, now] = [byName(before), byName(after)];
  const changed: ChangedPackage[] = [];
  for (const [key, packages] of now) {
    const [first] = packages;
    const former = old.get(key);
    if (first === undefined || former === undefined) continue;
    const [from, to] = [versionsOf(former), versionsOf(packages)];
    if (from.join('\n') !== to.join('\n')) changed.push({ type: first.type, name: first.name, from, to });
  }
  return { added: missingIn(old, now), removed: missingIn(now, old), changed };
}

function byName(packages: readonly Package[]): Map<string, Package[]> {
  const named = new Map<string, Package[]>();
  for (const one of packages) {
    const key = `${one.type} ${one.name}`;
    const list = named.get(key);
    if (list === undefined) named.set(key, [one]);
    else list.push(one);
  }
  return named;
}

function versionsOf(packages: readonly Package[]): string[] {
  return [...new Set(packages.map(({ version }) => version))].sort();
}

/** The first of each name that `known` has not. */
function missingIn(known: ReadonlyMap<string, unknown>, list: ReadonlyMap<string, readonly Package[]>): Package[] {
  return [...list].filter(([key]) => !known.has(key)).flatMap(([, packages]) => packages.slice(0, 1));
}
