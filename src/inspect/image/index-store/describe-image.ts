import { formatIso, type Micros } from '../../../base/time.ts';
import type { Package, PackageType } from '../../packages/package.ts';
import { catalogTree } from '../../packages/catalog.ts';
import type { OpenedImage } from '../image.ts';
import { formatPlatform } from '../manifest.ts';
import { familiarName } from '../reference.ts';
import type { IndexedImage, IndexedPackage, MatchedBy } from './record.ts';

/** What the index keeps of an image that was opened. */
export function describeForIndex(image: OpenedImage, now: Micros): IndexedImage {
  const catalog = catalogTree(image.tree);
  const problems = image.drainProblems().length + catalog.problems.length;
  const layers = image.layers.map((layer) => layer.diffId ?? layer.digest ?? '');
  const { created, platform, user } = image.config;
  return {
    id: image.id ?? layers[0] ?? image.reference,
    digest: image.manifest?.digest,
    names: image.tags.filter((tag) => isName(tag, image)).map(familiarName),
    places: [image.reference],
    platform: image.id === undefined ? '' : formatPlatform(platform),
    created: created === undefined ? undefined : formatIso(created),
    layers,
    distribution: catalog.distribution,
    user: user ?? '',
    packages: catalog.packages.map(rowOf),
    indexedAt: formatIso(now),
    problems,
    signature: undefined,
  };
}

function rowOf({ name, version, type, purl, locations, layer, ...rest }: Package): IndexedPackage {
  const { source, details, foundBy, ownedBy, isDevelopment, isProject } = rest;
  const more: MatchedBy = {
    foundBy,
    ...(source === undefined ? {} : { source }),
    ...(details === undefined ? {} : { details }),
    ...(ownedBy === undefined ? {} : { ownedBy }),
    ...(isDevelopment === undefined ? {} : { isDevelopment }),
    ...(isProject === undefined ? {} : { isProject }),
  };
  return { name, version, type, purl, path: locations[0] ?? '', layer, more };
}

/** The packages of the index as matching wants them: what they own and who licensed them is not kept. */
export function packagesOf({ packages }: IndexedImage): Package[] {
  return packages.map(({ name, version, type, purl, path, layer, more }) => ({
    name,
    version,
    type: type as PackageType,
    purl,
    locations: [path],
    ...(layer === undefined ? {} : { layer }),
    licenses: [],
    files: [],
    foundBy: '',
    ...more,
  }));
}

/** In an OCI layout a word by itself is a tag, and of which image it does not say. */
function isName(tag: string, { form }: OpenedImage): boolean {
  return !form.startsWith('oci-') || /[:/]/.test(tag);
}
