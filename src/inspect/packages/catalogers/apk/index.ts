import { defineCataloger } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import type { Distribution } from '../../package.ts';
import { purlOf } from '../../purl.ts';
import { readRecords, type ApkRecord } from './records.ts';

const databases: ReadonlySet<string> = new Set(['/lib/apk/db/installed', '/usr/lib/apk/db/installed']);
const maxDatabaseBytes = 2 ** 28;

export const cataloger = defineCataloger({
  id: 'apk',
  title: 'Alpine packages',
  description:
    'The database of apk, `lib/apk/db/installed` (`usr/lib/apk/db/installed` where /lib moved): packages with origin, files with owner, mode and checksum. The checksum of a link is that of its target text.',
  references: ['https://wiki.alpinelinux.org/wiki/Apk_spec'],
  guide: ['C25'],
  wants: ({ path }) => databases.has(path),
  catalog(entries, { tree, distribution }) {
    const findings = new Findings();
    for (const entry of entries) {
      // Where /lib is a link to /usr/lib, only the latter is met as a file.
      if (entry.type !== 'file') continue;
      const lines = findings.lines(tree, entry, maxDatabaseBytes);
      for (const record of readRecords(lines, () => findings.filesLeft)) {
        if (record.name === '' || record.version === '') {
          const what = record.name === '' ? 'name' : 'version';
          findings.problem(entry.path, 'bad-record', `a package has no ${what}; it was skipped`, record.line);
          continue;
        }
        findings.add({ ...describe(record, distribution), locations: [entry.path], layer: entry.layer });
      }
    }
    return findings.done();
  },
});

function describe(record: ApkRecord, distribution: Distribution | undefined) {
  const { name, version, architecture, origin, license, files } = record;
  return {
    name,
    version,
    type: 'apk' as const,
    purl: purlOf('apk', name, version, {
      namespace: distribution?.id,
      qualifiers: { arch: architecture, distro: distribution?.versionId },
    }),
    source: { name: origin === '' ? name : origin, version },
    architecture: architecture === '' ? undefined : architecture,
    licenses: license === '' ? [] : [license],
    files,
    foundBy: 'apk',
  };
}
