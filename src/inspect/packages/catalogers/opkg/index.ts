import { decodeUtf8 } from '../../../../base/bytes.ts';
import { normalPath, parentOf, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger, type CatalogContext } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import type { OwnedFile } from '../../package.ts';
import { purlOf } from '../../purl.ts';
import { readStanzas, type Stanza } from '../../stanzas.ts';

const maxDatabaseBytes = 2 ** 26;
const maxListBytes = 2 ** 22;
const absentStates: ReadonlySet<string> = new Set(['not-installed', 'config-files', 'half-installed']);

export const cataloger = defineCataloger({
  id: 'opkg',
  title: 'Packages of opkg (OpenWrt, Yocto)',
  description:
    'The database of opkg, `lib/opkg/status` below `/usr`, `/var` or `/opt`, with the files of `info/*.list`. An image without it is read by `info/*.control`. Listed under the distribution that the image names.',
  references: ['https://openwrt.org/docs/guide-user/additional-software/opkg'],
  guide: ['C25'],
  wants: ({ path }) =>
    path.includes('/lib/opkg/') &&
    (path.endsWith('/lib/opkg/status') || /\/lib\/opkg\/info\/[^/]+\.control$/.test(path)),
  catalog(entries, context) {
    const findings = new Findings();
    const folders = new Set(entries.filter(({ path }) => path.endsWith('/status')).map(({ path }) => parentOf(path)));
    for (const entry of entries) {
      const isControl = entry.path.endsWith('.control');
      const folder = parentOf(isControl ? parentOf(entry.path) : entry.path);
      // What has a record in the database has its control file too.
      if (entry.type !== 'file' || (isControl && folders.has(folder))) continue;
      for (const stanza of readStanzas(findings.lines(context.tree, entry, maxDatabaseBytes))) {
        addPackage(stanza, entry, folder, context, findings);
      }
    }
    return findings.done();
  },
});

function addPackage(
  { fields, line }: Stanza,
  entry: TreeEntry,
  folder: string,
  { tree, distribution }: CatalogContext,
  findings: Findings,
): void {
  if (absentStates.has(fields.get('status')?.split(/\s+/)[2] ?? '')) return;
  const [name, version] = [fields.get('package') ?? '', fields.get('version') ?? ''];
  if (name === '' || version === '') {
    findings.problem(entry.path, 'bad-record', 'a package has no name or version; it was skipped', line);
    return;
  }
  const architecture = fields.get('architecture');
  const license = fields.get('license');
  findings.add({
    name,
    version,
    type: 'deb',
    purl: purlOf('deb', name, version, { namespace: distribution?.id, qualifiers: { arch: architecture } }),
    architecture,
    licenses: license === undefined ? [] : [license],
    locations: [entry.path],
    layer: entry.layer,
    files: filesOf(tree, folder, name),
    foundBy: 'opkg',
  });
}

/** Paths one a line; behind a tab may stand a mode and the target of a link. */
function filesOf(tree: FileTree, folder: string, name: string): OwnedFile[] {
  if (!/^[\w.+-]+$/.test(name)) return [];
  const bytes = tree.read(`${folder}/info/${name}.list`, maxListBytes);
  const lines = bytes === undefined ? [] : decodeUtf8(bytes).split('\n');
  return lines.filter((line) => line.startsWith('/')).map((line) => ({ path: normalPath(line.split('\t')[0] ?? '') }));
}
