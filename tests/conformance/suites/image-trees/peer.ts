import type { Package } from '../../../../src/inspect/packages/package.ts';

/** What a peer found in one target, as the corpus writes it down. */
export interface PeerResult {
  readonly target: string;
  readonly cls: string;
  readonly type: string;
  /** `name@version`, with `|src=name@version` for distributions and `|path=…` where several files are in one result. */
  readonly packages: readonly string[];
}

export interface PeerReport {
  readonly results: readonly PeerResult[];
}

/** Our catalogers for results of the peer that put many files together. */
const catalogerOf: Readonly<Record<string, string>> = {
  'python-pkg': 'python',
  'node-pkg': 'node',
  jar: 'java',
  gemspec: 'ruby',
  'conda-pkg': 'conda',
};

export interface PackageFault {
  readonly got: string;
  readonly want: string;
}

/**
 * Compares the packages of one result. Everything that the peer lists must be listed here. What is listed here for production must be listed
 * by the peer, but for archives that we identify by their manifest, where the peer has no means to. `extra` counts those.
 */
export function comparePackages(
  result: PeerResult,
  ours: readonly Package[],
): { fault: PackageFault | undefined; extra: number } | undefined {
  // Imported keys have no source.
  const listed = result.packages.map((text) => text.replace(/\|src=(?:None|\(none\))?@(?:None|\(none\))?-?$/, ''));
  const wanted = listed.filter((text) => !/@$|^None@/.test(text));
  // The peer names nothing: it could not read the file.
  if (wanted.length < result.packages.length) return undefined;
  const candidates = ours.filter((one) => isOfResult(one, result));
  const own = new Map(candidates.flatMap((one) => textsOf(one, result).map((text) => [text, one] as const)));
  const missing = wanted.filter((text) => !own.has(text));
  const known = new Set(wanted);
  const unknown = candidates.filter(
    (one) => isForProduction(one) && !textsOf(one, result).some((text) => known.has(text)),
  );
  const isGuess = (one: Package): boolean => (one.details?.['identifiedBy'] ?? 'pom.properties') !== 'pom.properties';
  const guessed = unknown.filter(isGuess).length;
  const faults = unknown.filter((one) => !isGuess(one)).map((one) => textsOf(one, result)[0] ?? '');
  const isSame = missing.length === 0 && faults.length === 0;
  return {
    fault: isSame ? undefined : { got: `more: ${faults.join(', ')}`, want: `missing: ${missing.join(', ')}` },
    extra: guessed,
  };
}

function isForProduction({ isDevelopment, isProject }: Package): boolean {
  return isDevelopment !== true && isProject !== true;
}

function isOfResult({ type, foundBy, locations }: Package, { target, cls, type: peerType }: PeerResult): boolean {
  if (cls === 'os-pkgs') return type === 'apk' || type === 'deb' || type === 'rpm';
  const cataloger = catalogerOf[peerType];
  if (cataloger !== undefined) return foundBy === cataloger;
  const [place = ''] = locations;
  // The manifest of an application stands beside its lock file.
  return place === `/${target}` || place === `/${target.slice(0, target.lastIndexOf('/') + 1)}package.json`;
}

/** A package in the words of the peer: several, where a lock file calls it by an alias, or a source has an epoch. */
function textsOf(one: Package, { cls, packages }: PeerResult): string[] {
  const plain = one.version.replace(/^\d+:/, '');
  const names = [one.name, ...(one.details?.['alias'] === undefined ? [] : [one.details['alias']])];
  // Versions of Go are given with and without their letter.
  const versions = one.type === 'golang' ? [one.version, one.version.replace(/^v/, '')] : [one.version];
  const heads = names.flatMap((name) => (cls === 'os-pkgs' ? [plain] : versions).map((text) => `${name}@${text}`));
  if (cls === 'os-pkgs' && one.source !== undefined) {
    const full = one.source.version.replace(/^\d+:/, '');
    // The peer splits the revision from the version of a source.
    const upstream = full.replace(/-[^-]*$/, '');
    return heads.flatMap((head) => [full, upstream].map((version) => `${head}|src=${one.source?.name}@${version}`));
  }
  const hasPath = packages.some((text) => text.includes('|path='));
  const place = (one.locations[0] ?? '').slice(1).replaceAll('!', '/');
  return hasPath ? heads.map((head) => `${head}|path=${place}`) : heads;
}
