import { normalName, slesStream } from '../advisories/ecosystems.ts';
import type { Distribution, Package, PackageType } from '../package.ts';

/** Where advice on a package is looked up, and the version that it is about. */
export interface Lookup {
  readonly stream: string;
  readonly name: string;
  readonly version: string;
  /** A paid channel that the package is not from: its advice counts where the free one has none, and its fix is none for this package. */
  readonly isPaid?: true;
}

/** Streams of packages that belong to no distribution. */
const languageStreams: Readonly<Partial<Record<PackageType, string>>> = {
  pypi: 'pypi',
  npm: 'npm',
  golang: 'go',
  maven: 'maven',
  cargo: 'crates.io',
  gem: 'rubygems',
  composer: 'packagist',
  nuget: 'nuget',
  conan: 'conancenter',
  pub: 'pub',
  hex: 'hex',
  swift: 'swifturl',
  cocoapods: 'cocoapods',
  julia: 'julia',
  bitnami: 'bitnami',
  hackage: 'hackage',
  cran: 'cran',
  github: 'github actions',
  'vscode-extension': 'vscode',
};

/** Where advice on the package may stand; empty for a package that nothing is published about under a name of ours. */
export function lookupsOf(pkg: Package, distribution: Distribution | undefined): Lookup[] {
  const language = languageStreams[pkg.type];
  if (pkg.type === 'github' && !isWholeVersion(pkg.version)) return [];
  if (language !== undefined) {
    return [{ stream: language, name: normalName(language, nameOf(pkg)), version: pkg.version }];
  }
  const streams = distribution === undefined ? [] : distributionStreams(distribution);
  return streams.flatMap((stream) =>
    namesOf(pkg, stream).map(({ name, version }) => ({
      stream,
      name: normalName(stream, name),
      version,
      ...(stream.startsWith('ubuntu:pro:') && !isFromEsm(pkg) ? { isPaid: true } : {}),
    })),
  );
}

/** Of an action: `v4` stands for whatever is the newest of its line today, and a commit or branch has no order. */
function isWholeVersion(version: string): boolean {
  return /^v?\d+\.\d+\.\d+/.test(version);
}

/** Versions of Ubuntu's paid channel say so. */
function isFromEsm({ version }: Package): boolean {
  return /[+~]esm\d/.test(version);
}

/** The standard library is a package of its own in Go's database. */
function nameOf({ type, name }: Package): string {
  return type === 'golang' && (name === 'std' || name === 'go') ? 'stdlib' : name;
}

/**
 * Advisories of apk and dpkg name the source package; those of rpm, Wolfi and Chainguard the binary one, some of them the source.
 */
function namesOf(pkg: Package, stream: string): readonly { readonly name: string; readonly version: string }[] {
  const own = { name: pkg.name, version: pkg.version };
  const source = pkg.source ?? own;
  if (source.name === own.name) return [own];
  const isBySource = stream.startsWith('alpine:') || pkg.type === 'deb';
  return isBySource ? [source] : [own, source];
}

/** Distributions whose streams go by the first number of the release. CentOS is rebuilt from Red Hat's and has no advisories of its own. */
const majorStreams: Readonly<Record<string, string>> = {
  rhel: 'red hat',
  centos: 'red hat',
  ol: 'oracle linux',
  almalinux: 'almalinux',
  rocky: 'rocky linux',
  mariner: 'azure linux',
  azurelinux: 'azure linux',
  debian: 'debian',
};

/** Distributions that OSV calls by another name than os-release does, and that go by the whole release. */
const otherNames: Readonly<Record<string, string>> = { amzn: 'amazon linux', photon: 'photon os' };

function distributionStreams({ id, versionId, repositoryRelease }: Distribution): string[] {
  switch (id) {
    case 'alpine':
      return [`alpine:${repositoryRelease ?? minorOf(versionId ?? 'edge')}`];
    case 'sles': {
      const [major = '', pack] = (versionId ?? '').split('.');
      return [slesStream(major, pack)];
    }
    case 'opensuse-leap':
      return [`opensuse:leap ${versionId ?? ''}`];
    case 'opensuse-tumbleweed':
      return ['opensuse:tumbleweed'];
    case 'minimos':
      return [id];
    case 'wolfi':
    case 'chainguard':
      // Both are built from one tree, and Chainguard's advisories are about both.
      return [id, id === 'wolfi' ? 'chainguard' : 'wolfi'];
    case 'ubuntu':
      return [`ubuntu:${versionId ?? ''}`, `ubuntu:pro:${versionId ?? ''}`];
    default: {
      const byMajor = majorStreams[id];
      if (byMajor !== undefined) return [`${byMajor}:${majorOf(versionId)}`];
      return [`${otherNames[id] ?? id}:${releaseOf(id, versionId)}`];
    }
  }
}

/** The first Amazon Linux went by years and months, and is called 1 since there is a second. */
function releaseOf(id: string, versionId = ''): string {
  return id === 'amzn' && /^201\d\./.test(versionId) ? '1' : versionId;
}

function minorOf(version: string): string {
  return /^\d+\.\d+/.exec(version)?.[0] ?? version;
}

function majorOf(version: string | undefined): string {
  return /^\d+/.exec(version ?? '')?.[0] ?? '';
}
