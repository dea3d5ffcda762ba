import type { Micros } from '../../base/time.ts';

/** Kinds of packages by their purl type (package-url/purl-spec, PURL-TYPES.rst), as far as they are catalogued. */
export const packageTypes = [
  'apk',
  'deb',
  'rpm',
  'alpm',
  'pypi',
  'npm',
  'golang',
  'maven',
  'cargo',
  'gem',
  'composer',
  'nuget',
  'conan',
  'conda',
  'pub',
  'hex',
  'swift',
  'cocoapods',
  'julia',
  'bitnami',
  'hackage',
  'cran',
  'luarocks',
  'opam',
  'otp',
  'github',
  'vscode-extension',
  'ebuild',
  'nix',
  'snap',
  'brew',
  'terraform',
  'generic',
] as const;
export type PackageType = (typeof packageTypes)[number];

/**
 * Packages of one tree that are told. A machine of a developer has some ten thousand; each takes most of a kilobyte until all is written
 * down, and an image may name millions.
 */
export const maxPackages = 100_000;

/** A name or version with more characters than this is no such thing in any ecosystem; CycloneDX takes no longer version either. */
export const maxNameLength = 1024;

/** The distribution that a tree says it is (os-release(5)); what its packages are matched under. */
export interface Distribution {
  /** `ID`: `alpine`, `debian`. */
  readonly id: string;
  /** `ID_LIKE`, split. */
  readonly idLike: readonly string[];
  /** `VERSION_ID`: `3.11.5`, `12`; undefined for rolling ones. */
  readonly versionId: string | undefined;
  /** `VERSION_CODENAME`. */
  readonly codename: string | undefined;
  readonly prettyName: string;
  /** The point release, where a file tells more than `VERSION_ID`: `12.15` of debian_version, `8.8` of redhat-release. */
  readonly exactRelease?: string;
  /** Alpine: the release that /etc/apk/repositories names, `3.18` or `edge`: packages come from it, and are matched under it. */
  readonly repositoryRelease?: string;
}

/** Algorithms of the digests that package databases write. */
export const digestAlgorithms = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const;

export interface OwnedFile {
  /** Normal path inside the tree. */
  readonly path: string;
  /** As the package database has it; hexadecimal. */
  readonly digest?: { readonly algorithm: (typeof digestAlgorithms)[number]; readonly hex: string };
  /** A configuration file: its owner may have changed it. */
  readonly isConfig?: true;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** Files of one package. Long lists are packed (`owned-files.ts`), and are made anew each time that they are gone through. */
export type FileList = Iterable<OwnedFile> & { readonly length: number };

/** One installed package (or one named by a lock file), as its database says. */
export interface Package {
  readonly name: string;
  /** Full version in the words of its ecosystem: with epoch and revision. */
  readonly version: string;
  readonly type: PackageType;
  /** Package URL, canonical form. */
  readonly purl: string;
  /** Distribution packages: the source (dpkg), origin (apk) or source rpm that advisories name. Version without a binary rebuild's suffix. */
  readonly source?: { readonly name: string; readonly version: string };
  readonly architecture?: string;
  /** SPDX expressions or what the package says instead. */
  readonly licenses: readonly string[];
  /** Files that prove it: the database, the metadata file, the program; normal paths, in a nested archive `outer!inner`. */
  readonly locations: readonly string[];
  /** Layer of the first location, of an image. */
  readonly layer?: number;
  /** What the database says that it owns; empty when it does not tell. */
  readonly files: FileList;
  readonly installedAt?: Micros;
  /** Of a lock file: needed for development only. */
  readonly isDevelopment?: true;
  /** The application that a manifest describes, which no registry gave: it is listed, and matched with no advisory. */
  readonly isProject?: true;
  /** Id of the cataloger. */
  readonly foundBy: string;
  /** The distribution package that owns the files of this one, as `name version`: it is then matched there and not here. */
  readonly ownedBy?: string;
  /** What only its ecosystem knows: rpm modularity label, Go main module, parent of a nested jar. */
  readonly details?: Readonly<Record<string, string>>;
}
