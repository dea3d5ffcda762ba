import { defineCataloger } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import type { PackageType } from '../../package.ts';
import { readSbom } from '../../sbom/read-sbom.ts';

const endings = ['.spdx', '.spdx.json', '.cdx', '.cdx.json'] as const;
/** Their databases tell better, and a bill of the whole image would list each twice. */
const distributionTypes: ReadonlySet<PackageType> = new Set(['apk', 'deb', 'rpm', 'alpm']);

export const cataloger = defineCataloger({
  id: 'embedded-sbom',
  title: 'Bills of materials inside images',
  description:
    'Bills that the maker of an image put into it, `*.spdx`, `*.spdx.json`, `*.cdx`, `*.cdx.json`: images of Bitnami name what they compiled themselves there, which no database knows. Packages of distributions are left to their databases.',
  references: [
    'https://github.com/bitnami/containers',
    'https://spdx.github.io/spdx-spec/v2.3/',
    'https://cyclonedx.org/docs/1.6/json/',
  ],
  guide: ['C25'],
  wants: ({ type, path }) => type === 'file' && endings.some((ending) => path.endsWith(ending)),
  catalog(entries, { tree }) {
    const findings = new Findings();
    for (const entry of entries) {
      const text = findings.text(tree, entry);
      const bill = text === undefined ? undefined : findings.parsed(entry.path, () => readSbom(text));
      for (const { code, message } of bill?.problems ?? []) findings.problem(entry.path, code, message);
      for (const one of bill?.sbom.packages ?? []) {
        if (distributionTypes.has(one.type)) continue;
        // Places in the bill are those of the machine that built.
        findings.add({ ...one, locations: [entry.path], layer: entry.layer, foundBy: 'embedded-sbom' });
      }
    }
    return findings.done();
  },
});
