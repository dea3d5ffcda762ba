import { orderOf } from '../advisories/ecosystems.ts';
import type { Distribution, Package } from '../package.ts';
import { archiveKey, type ArchiveIndex } from './archive-index.ts';

/** A package of which an archive has a newer version. */
export interface PendingUpdate {
  readonly package: Package;
  readonly candidate: string;
  readonly suite: string;
  /** The archive has nothing but security updates; undefined where archives are not told apart. */
  readonly isSecurity: boolean | undefined;
}

export interface PendingUpdates {
  readonly updates: readonly PendingUpdate[];
  /** Suites of indexes that are of another release: their names would fit by chance. */
  readonly foreign: readonly string[];
}

/**
 * What is installed and older than what the archives offer. It needs no advisory: an archive of security updates has a package only
 * because something in it was repaired.
 */
export function pendingUpdates(
  packages: readonly Package[],
  distribution: Distribution | undefined,
  indexes: readonly ArchiveIndex[],
): PendingUpdates {
  const foreign = indexes.filter((index) => isForeign(index, distribution));
  const updates: PendingUpdate[] = [];
  for (const pkg of packages) {
    const best = bestOf(
      pkg,
      indexes.filter((index) => !foreign.includes(index)),
    );
    if (best !== undefined) updates.push(best);
  }
  return { updates, foreign: foreign.map(({ suite }) => suite) };
}

/** The newest that any archive has; of the same version the archive of security updates counts. */
function bestOf(pkg: Package, indexes: readonly ArchiveIndex[]): PendingUpdate | undefined {
  const order = orderOf(pkg.type === 'apk' ? 'alpine' : 'debian');
  let best: PendingUpdate | undefined;
  for (const { type, versions, suite, isSecurity } of indexes) {
    if (type !== pkg.type) continue;
    const candidate = versions.get(archiveKey(pkg.name, pkg.architecture)) ?? versions.get(archiveKey(pkg.name, 'all'));
    if (candidate === undefined || order === undefined) continue;
    const newer = order.compare(candidate, best?.candidate ?? pkg.version);
    if (newer > 0 || (newer === 0 && best !== undefined && isSecurity === true)) {
      best = { package: pkg, candidate, suite, isSecurity };
    }
  }
  return best;
}

/** The suite names a release, and it is not this one. */
function isForeign({ type, suite }: ArchiveIndex, distribution: Distribution | undefined): boolean {
  if (distribution === undefined) return false;
  if (type === 'apk') {
    const release = distribution.repositoryRelease ?? /^\d+\.\d+/.exec(distribution.versionId ?? '')?.[0];
    const named = /^v(?<release>\d+\.\d+)$/.exec(suite)?.groups?.['release'];
    return distribution.id !== 'alpine' || (named !== undefined && release !== undefined && named !== release);
  }
  const codename = /^[a-z]+/.exec(suite)?.[0];
  const isNamed = codename !== undefined && /^[a-z]+(?:-(?:security|updates|backports|proposed|lts))?$/.test(suite);
  return (
    isNamed &&
    distribution.codename !== undefined &&
    !/^(?:stable|oldstable|testing|unstable)/.test(suite) &&
    codename !== distribution.codename
  );
}
