import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { catalogTree } from '../../../../src/inspect/packages/catalog.ts';
import { readSbom } from '../../../../src/inspect/packages/sbom/read-sbom.ts';
import { FolderTree } from '../../../../src/inspect/tree/folder-tree.ts';
import type { GoldenFault } from './golden.ts';

/** Bills of materials of a repository: the same package URLs, read from it and from the bill. */
export function judgeBill(root: string, text: string): GoldenFault | 'skipped' | undefined {
  const { sbom } = readSbom(text);
  const folder = join(root, sbom.subject.name.replace(/^testdata\//, ''));
  if (!sbom.subject.name.includes('fixtures/repo/') || !existsSync(folder)) return 'skipped';
  const listed = sbom.packages.map(({ purl }) => purl).filter((purl) => purl.startsWith('pkg:'));
  const wanted = new Set(listed);
  const all = catalogTree(new FolderTree(folder)).packages;
  // What is for development stands in folders of the repository too, where Trivy does not look.
  const development = new Set(all.filter(({ isDevelopment }) => isDevelopment === true).map(({ purl }) => purl));
  const own = all.filter(({ purl }) => !development.has(purl));
  const found = new Set(own.map(({ purl }) => purl));
  const missing = [...wanted].filter((purl) => !found.has(purl));
  const more = own.filter(({ purl, isProject }) => isProject !== true && !wanted.has(purl)).map(({ purl }) => purl);
  if (missing.length === 0 && more.length === 0) return undefined;
  return { got: `more: ${more.join(', ')}`, want: `missing: ${missing.join(', ')}` };
}

/** A bill of what is not here: every package URL in it is a package for us. */
export function judgeWholeBill(text: string): GoldenFault | undefined {
  const written = [...text.matchAll(/"(?:purl|package_url|referenceLocator)":\s*(?<purl>"pkg:[^"]+")/g)];
  const wanted = new Set(written.map(({ groups }) => String(JSON.parse(groups?.['purl'] ?? '""'))));
  const found = new Set(readSbom(text).sbom.packages.map(({ purl }) => purl));
  const missing = [...wanted].filter((purl) => !found.has(purl) && !/^pkg:(?:oci|docker)\//.test(purl));
  return missing.length === 0 ? undefined : { got: `${found.size} packages`, want: `missing: ${missing.join(', ')}` };
}
