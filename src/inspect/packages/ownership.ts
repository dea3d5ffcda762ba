import { normalPath, type FileTree } from '../tree/tree.ts';
import type { Distribution, Package } from './package.ts';

/** Packages whose database says which files they own. */
const distributionTypes: ReadonlySet<string> = new Set(['apk', 'deb', 'rpm', 'alpm']);

/**
 * Distributions that publish what is vulnerable in them and not fixed: what such a one ships is judged by it alone. Of the others (Alpine,
 * Amazon, Wolfi) only fixes are known, and silence means nothing (grype, pkg/package.go, comprehensive distributions).
 */
const comprehensive: ReadonlySet<string> = new Set([
  'debian',
  'ubuntu',
  'rhel',
  'azurelinux',
  'mariner',
  'arch',
  'suse',
  'sles',
  'opensuse',
]);
const notComprehensive: ReadonlySet<string> = new Set(['amzn', 'alpine', 'wolfi', 'chainguard']);

/** Whether the advisories of a distribution, or of the one that it is made of, also name what is not fixed. */
function isComprehensive(distribution: Distribution | undefined): boolean {
  if (distribution === undefined || notComprehensive.has(distribution.id)) return false;
  return [distribution.id, ...distribution.idLike].some((id) => comprehensive.has(id) || id === 'centos');
}

/** Who maintains or builds packages for a distribution. Many of Debian are looked after by people under their own addresses. */
const ownMakers =
  /(?:@|\.)(?:debian\.(?:org|net)|ubuntu\.com|canonical\.com)\b|^(?:Debian|Ubuntu) |^(?:Red Hat|CentOS|Fedora Project|Rocky|AlmaLinux|Oracle|SUSE|openSUSE|Microsoft Corporation)/i;

/**
 * Whether a package comes from the distribution itself. One of Docker, Google or NodeSource is in the same database, and in no advisory of
 * the distribution. Where nothing tells, it is taken for one of others: then a vulnerability is told once too often, and not never.
 */
function isOfDistribution({ type, details }: Package): boolean {
  return type === 'apk' || type === 'alpm' || ownMakers.test(details?.['maintainer'] ?? details?.['vendor'] ?? '');
}

/**
 * Where a path of a package database leads when folders of the root are links, as in distributions that moved /bin, /lib and /sbin into
 * /usr without telling their databases.
 */
function rootLinks(tree: FileTree): (path: string) => string {
  const links = new Map<string, string>();
  for (const { path, type, target } of tree.list('/')) {
    if (type === 'symlink' && target !== undefined) links.set(path, normalPath(target));
  }
  if (links.size === 0) return (path) => path;
  return (path) => {
    const end = path.indexOf('/', 1);
    const target = end < 0 ? undefined : links.get(path.slice(0, end));
    return target === undefined ? path : target + path.slice(end);
  };
}

/** Which distribution package owns a file, by its real path. Files of several owners (folders of configuration) have the last one. */
export class FileOwners {
  readonly #owners = new Map<string, Package>();

  constructor(tree: FileTree, packages: readonly Package[]) {
    const real = rootLinks(tree);
    for (const one of packages) {
      if (!distributionTypes.has(one.type)) continue;
      for (const { path } of one.files) this.#owners.set(real(path), one);
    }
  }

  /** Undefined for a file that no package brought. */
  ownerOf(path: string): Package | undefined {
    return this.#owners.get(path);
  }
}

/**
 * Packages of languages whose proof (metadata, program, archive) a package of the distribution itself brought say so (`ownedBy`) where the
 * distribution's own advisories cover them; a known program that one brought is that package and is left out, in every distribution.
 */
export function markOwned(
  tree: FileTree,
  packages: readonly Package[],
  distribution: Distribution | undefined,
): readonly Package[] {
  const proofs = new Set<string>();
  for (const one of packages) {
    if (!distributionTypes.has(one.type)) proofs.add(outerPath(one));
  }
  const owners = ownersOf(proofs, tree, packages);
  const isCovered = isComprehensive(distribution);
  const marked: Package[] = [];
  for (const one of packages) {
    const ownedBy = distributionTypes.has(one.type) ? undefined : owners.get(outerPath(one));
    if (ownedBy === undefined || (!isCovered && one.type !== 'generic')) marked.push(one);
    else if (one.type !== 'generic') marked.push({ ...one, ownedBy });
  }
  return marked;
}

/** Owners of the given files, as `name version`. */
function ownersOf(files: ReadonlySet<string>, tree: FileTree, packages: readonly Package[]): Map<string, string> {
  const owners = new Map<string, string>();
  const real = rootLinks(tree);
  for (const one of files.size === 0 ? [] : packages) {
    if (!distributionTypes.has(one.type) || !isOfDistribution(one)) continue;
    for (const { path } of one.files) {
      const place = real(path);
      if (files.has(place)) owners.set(place, `${one.name} ${one.version}`);
    }
  }
  return owners;
}

/** The file of the tree: of a package in a nested archive the outer one. */
function outerPath({ locations }: Package): string {
  const [place = ''] = locations;
  const end = place.indexOf('!');
  return end < 0 ? place : place.slice(0, end);
}
