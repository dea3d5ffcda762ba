import { VakthundError } from '../../../base/errors.ts';
import { quote } from '../../../base/problem.ts';
import { normalName, orderOf } from '../../packages/advisories/ecosystems.ts';
import type { IndexedImage, IndexedPackage } from './record.ts';

type Operator = '@' | '<' | '<=' | '>' | '>=';

/** What is looked for: a package by name, in any version, in one, or in those before or after one. */
export interface PackageQuery {
  readonly name: string;
  readonly version: { readonly operator: Operator; readonly text: string } | undefined;
  /** Ecosystem, when a purl was given. */
  readonly type: string | undefined;
}

export interface FoundPackage {
  readonly image: IndexedImage;
  readonly found: IndexedPackage;
}

/** Ecosystems of OSV whose order of versions a type of package has. */
const ecosystems: Readonly<Record<string, string>> = {
  apk: 'alpine',
  deb: 'debian',
  rpm: 'red hat',
  pypi: 'pypi',
  npm: 'npm',
  golang: 'go',
  maven: 'maven',
  cargo: 'crates.io',
  gem: 'rubygems',
  composer: 'packagist',
  nuget: 'nuget',
};

/** `NAME`, `NAME@VERSION`, `NAME<VERSION` (`<=`, `>`, `>=`) or a purl (`pkg:maven/org.example/app@1.2`). Throws `USAGE`. */
export function parsePackageQuery(text: string): PackageQuery {
  const purl = /^pkg:(?<type>[^/]+)\/(?<path>[^?#]+)/.exec(text)?.groups;
  const path = purl === undefined ? text : decoded(purl['path'] ?? '');
  // An at sign at the beginning is that of a scope of npm.
  const parts = /^(?<name>.[^@<>=]*)(?:(?<operator>@|[<>]=?)(?<version>.+))?$/.exec(path)?.groups;
  const { name, operator, version } = parts ?? {};
  if (name === undefined) {
    throw new VakthundError('USAGE', `${quote(text)} is no package`, {
      hint: 'such as: log4j-core, log4j-core@2.14.1, "log4j-core<2.17.1", pkg:npm/lodash',
    });
  }
  return {
    name: name.toLowerCase(),
    version: version === undefined ? undefined : { operator: (operator ?? '@') as Operator, text: version },
    type: purl?.['type'],
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Packages of all images that fit, images with names first. */
export function* findPackages(images: readonly IndexedImage[], query: PackageQuery): Generator<FoundPackage> {
  const ordered = [...images].sort((a, b) => Number(a.names.length === 0) - Number(b.names.length === 0));
  for (const image of ordered) {
    for (const found of image.packages) if (fits(found, query)) yield { image, found };
  }
}

function fits(found: IndexedPackage, query: PackageQuery): boolean {
  const isOfType = query.type === undefined || found.type === query.type;
  return isOfType && hasName(found, query.name) && hasVersion(found, query.version);
}

/** Names are compared whole, or without what stands before the last slash or colon: the group, the scope, the module's host. */
function hasName({ name, type }: IndexedPackage, wanted: string): boolean {
  const whole = name.toLowerCase();
  if (type === 'pypi') return normalName('pypi', whole) === normalName('pypi', wanted);
  return whole === wanted || whole.replace(':', '/') === wanted || whole.slice(lastDivider(whole) + 1) === wanted;
}

function lastDivider(name: string): number {
  return Math.max(name.lastIndexOf('/'), name.lastIndexOf(':'));
}

/** Versions are ordered as their ecosystem orders them; those of one that nothing is known of fit no range. */
function hasVersion({ version, type }: IndexedPackage, wanted: PackageQuery['version']): boolean {
  if (wanted === undefined) return true;
  if (wanted.operator === '@') return version === wanted.text;
  const order = orderOf(ecosystems[type] ?? '')?.compare(version, wanted.text);
  if (order === undefined) return false;
  if (order === 0) return wanted.operator.endsWith('=');
  return wanted.operator.startsWith('<') === order < 0;
}
