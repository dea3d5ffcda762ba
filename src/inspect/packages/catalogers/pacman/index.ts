import { decodeUtf8 } from '../../../../base/bytes.ts';
import { microsPerSecond } from '../../../../base/time.ts';
import { normalPath, parentOf, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger, type CatalogContext } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import type { OwnedFile } from '../../package.ts';
import { purlOf } from '../../purl.ts';

const database = '/var/lib/pacman/local/';
const maxListBytes = 2 ** 26;

export const cataloger = defineCataloger({
  id: 'pacman',
  title: 'Arch packages',
  description:
    'The database of pacman, `var/lib/pacman/local/*/desc`, with the files of `files` and the checksums of the configuration in it. The package base is the source that advisories name.',
  references: ['https://man.archlinux.org/man/alpm.3'],
  guide: ['C25'],
  wants: ({ path }) => path.startsWith(database) && path.endsWith('/desc'),
  catalog(entries, context) {
    const findings = new Findings();
    for (const entry of entries) addPackage(entry, context, findings);
    return findings.done();
  },
});

function addPackage(entry: TreeEntry, { tree, distribution }: CatalogContext, findings: Findings): void {
  const sections = readSections(findings.text(tree, entry, maxListBytes) ?? '');
  const first = (name: string): string | undefined => sections.get(name)?.[0];
  const name = first('NAME');
  const version = first('VERSION');
  if (name === undefined || version === undefined) {
    findings.problem(entry.path, 'bad-record', 'it names no package and version');
    return;
  }
  const architecture = first('ARCH');
  const installed = first('INSTALLDATE') ?? '';
  findings.add({
    name,
    version,
    type: 'alpm',
    purl: purlOf('alpm', name, version, { namespace: distribution?.id, qualifiers: { arch: architecture } }),
    source: { name: first('BASE') ?? name, version },
    architecture,
    licenses: sections.get('LICENSE') ?? [],
    locations: [entry.path],
    layer: entry.layer,
    files: filesOf(tree, entry),
    installedAt: /^\d{1,12}$/.test(installed) ? Number(installed) * microsPerSecond : undefined,
    foundBy: 'pacman',
  });
}

/** `%NAME%`, its values one a line, and an empty line. */
function readSections(text: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let values: string[] = [];
  for (const line of text.split('\n')) {
    if (/^%[A-Z0-9]+%$/.test(line)) {
      values = [];
      sections.set(line.slice(1, -1), values);
    } else if (line !== '') values.push(line);
  }
  return sections;
}

/** Folders end in a slash. `%BACKUP%` has the configuration, each with its MD5 as shipped behind a tab. */
function filesOf(tree: FileTree, { path }: TreeEntry): OwnedFile[] {
  const bytes = tree.read(`${parentOf(path)}/files`, maxListBytes);
  const sections = readSections(bytes === undefined ? '' : decodeUtf8(bytes));
  const config = new Map<string, string>();
  for (const line of sections.get('BACKUP') ?? []) {
    const tab = line.indexOf('\t');
    if (tab > 0) config.set(normalPath(line.slice(0, tab)), line.slice(tab + 1).toLowerCase());
  }
  const files: OwnedFile[] = [];
  for (const line of sections.get('FILES') ?? []) {
    if (line.endsWith('/')) continue;
    const place = normalPath(`/${line}`);
    const hex = config.get(place);
    const isDigest = hex !== undefined && /^[0-9a-f]{32}$/.test(hex);
    files.push({
      path: place,
      ...(isDigest ? { digest: { algorithm: 'md5' as const, hex } } : {}),
      ...(hex === undefined ? {} : { isConfig: true as const }),
    });
  }
  return files;
}
