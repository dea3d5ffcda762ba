import type { IndexedImage, IndexedPackage } from './record.ts';

/** What is looked for: a package by name, in any version or in one. */
export interface PackageQuery {
  readonly name: string;
  readonly version: string | undefined;
  /** Ecosystem, when a purl was given. */
  readonly type: string | undefined;
}

export interface FoundPackage {
  readonly image: IndexedImage;
  readonly found: IndexedPackage;
}

/** `NAME`, `NAME@VERSION` or a purl (`pkg:maven/org.example/app@1.2`). */
export function parsePackageQuery(text: string): PackageQuery {
  const purl = /^pkg:(?<type>[^/]+)\/(?<path>[^?#]+)/.exec(text)?.groups;
  const path = purl === undefined ? text : decodeURIComponent(purl['path'] ?? '');
  // An at sign at the beginning is that of a scope of npm.
  const at = path.indexOf('@', 1);
  return {
    name: (at < 0 ? path : path.slice(0, at)).toLowerCase(),
    version: at < 0 ? undefined : path.slice(at + 1),
    type: purl?.['type'],
  };
}

/** Packages of all images that fit, images with names first. */
export function* findPackages(images: readonly IndexedImage[], query: PackageQuery): Generator<FoundPackage> {
  const ordered = [...images].sort((a, b) => Number(a.names.length === 0) - Number(b.names.length === 0));
  for (const image of ordered) {
    for (const found of image.packages) if (fits(found, query)) yield { image, found };
  }
}

/** Names are compared whole, or without what stands before the last slash or colon: the group, the scope, the module's host. */
function fits({ name, version, type }: IndexedPackage, query: PackageQuery): boolean {
  if (query.version !== undefined && version !== query.version) return false;
  if (query.type !== undefined && type !== query.type) return false;
  const whole = name.toLowerCase();
  const wanted = query.name;
  return whole === wanted || whole.replace(':', '/') === wanted || whole.slice(lastDivider(whole) + 1) === wanted;
}

function lastDivider(name: string): number {
  return Math.max(name.lastIndexOf('/'), name.lastIndexOf(':'));
}
