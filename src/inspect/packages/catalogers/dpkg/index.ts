import type { TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger, type CatalogContext } from '../../cataloger.ts';
import { Findings, type PackageFacts } from '../../findings.ts';
import { purlOf } from '../../purl.ts';
import { licensesOf } from './copyright.ts';
import { infoFolder, InstalledFiles } from './files.ts';
import { readStanzas, type Stanza } from '../../stanzas.ts';

const statusFile = '/var/lib/dpkg/status';
const statusFolder = '/var/lib/dpkg/status.d/';
/** What else of a package stands beside its record: checksums, and its scripts, which are not run. */
const besideRecord = /\.(?:md5sums|list|conffiles|preinst|postinst|prerm|postrm|triggers|templates|shlibs|symbols)$/;
const maxDatabaseBytes = 2 ** 28;

/** Fields of a record that count here. Descriptions and dependencies are most of a database. */
const readFields: ReadonlySet<string> = new Set([
  'package',
  'status',
  'version',
  'architecture',
  'maintainer',
  'source',
  'conffiles',
]);

/** States in which the files of a package are not there (dpkg(1), package states). */
const absentStates: ReadonlySet<string> = new Set(['not-installed', 'config-files']);

export const cataloger = defineCataloger({
  id: 'dpkg',
  title: 'Debian packages',
  description:
    'The database of dpkg: `var/lib/dpkg/status`, and `status.d` of images without a package manager. Source package and its version, files with MD5 from `info/*.list`, `*.md5sums` and the configuration files of the record, diversions followed; licences from `usr/share/doc/*/copyright`; installed at the time of the list. Packages of which only configuration is left are no packages.',
  references: [
    'https://manpages.debian.org/bookworm/dpkg/dpkg.1.en.html',
    'https://manpages.debian.org/bookworm/dpkg-dev/deb822.5.en.html',
  ],
  guide: ['C25'],
  wants: ({ path }) =>
    path.startsWith('/var/lib/dpkg/') &&
    (path === statusFile ||
      path.startsWith(statusFolder) ||
      (path.startsWith(`${infoFolder}/`) && (path.endsWith('.list') || path.endsWith('.md5sums')))),
  catalog(entries, context) {
    const findings = new Findings();
    const files = new InstalledFiles(
      context.tree,
      findings,
      entries.filter(({ path }) => path.startsWith(infoFolder)),
    );
    const beside = new Map(entries.filter(({ path }) => path.startsWith(statusFolder)).map((one) => [one.path, one]));
    for (const entry of entries) {
      const isRecord = entry.path.startsWith(statusFolder) && !besideRecord.test(entry.path);
      if (entry.path !== statusFile && !isRecord) continue;
      for (const stanza of readStanzas(findings.lines(context.tree, entry, maxDatabaseBytes), readFields)) {
        const facts = describe(stanza, entry, context, findings);
        if (facts === undefined) continue;
        const installed = isRecord
          ? { files: files.beside(beside.get(`${entry.path}.md5sums`)), at: undefined }
          : files.of(facts.name, facts.architecture ?? '', stanza.fields.get('conffiles') ?? '');
        findings.add({ ...facts, files: installed.files, installedAt: installed.at });
      }
    }
    return findings.done();
  },
});

/** Undefined for what is no installed package; says why when the record is at fault. */
function describe(
  { fields, line, badLine }: Stanza,
  entry: TreeEntry,
  { distribution, tree, withoutLicenses }: CatalogContext,
  findings: Findings,
): PackageFacts | undefined {
  const name = fields.get('package') ?? '';
  if (badLine !== undefined) findings.problem(entry.path, 'bad-record', 'a line is no field of a record', badLine);
  if (absentStates.has(fields.get('status')?.split(/\s+/)[2] ?? '')) return undefined;
  const version = fields.get('version') ?? '';
  if (name === '' || version === '') {
    const what = name === '' ? 'name' : 'version';
    findings.problem(entry.path, 'bad-record', `a package has no ${what}; it was skipped`, line);
    return undefined;
  }
  const architecture = fields.get('architecture');
  const maintainer = fields.get('maintainer');
  const release = distribution?.exactRelease ?? distribution?.versionId ?? distribution?.codename;
  return {
    name,
    version,
    type: 'deb',
    purl: purlOf('deb', name, version, {
      namespace: distribution?.id,
      qualifiers: { arch: architecture, distro: distribution && release && `${distribution.id}-${release}` },
    }),
    source: sourceOf(fields.get('source'), name, version),
    architecture,
    licenses: withoutLicenses === true ? [] : licensesOf(tree, name),
    locations: [entry.path],
    layer: entry.layer,
    foundBy: 'dpkg',
    details: maintainer === undefined ? undefined : { maintainer },
  };
}

/** `name` or `name (version)`; without a version the source has the one of the package (deb-control(5)). */
function sourceOf(field: string | undefined, name: string, version: string): { name: string; version: string } {
  const groups = /^(?<name>\S+)(?:\s+\((?<version>[^)]+)\))?/.exec(field ?? '')?.groups;
  return { name: groups?.['name'] ?? name, version: groups?.['version'] ?? version };
}
