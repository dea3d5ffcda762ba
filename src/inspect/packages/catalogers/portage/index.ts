import { nameOf, parentOf } from '../../../tree/tree.ts';
import { decodeUtf8 } from '../../../../base/bytes.ts';
import { defineCataloger } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import type { OwnedFile } from '../../package.ts';
import { purlOf } from '../../purl.ts';

const database = '/var/db/pkg/';
const maxListBytes = 2 ** 26;

export const cataloger = defineCataloger({
  id: 'portage',
  title: 'Gentoo packages',
  description:
    'The database of Portage, `var/db/pkg/CATEGORY/NAME-VERSION/`, with files and their MD5 from `CONTENTS`, and licence.',
  references: ['https://wiki.gentoo.org/wiki/Vdb'],
  guide: ['C25'],
  wants: ({ path }) => path.startsWith(database) && path.endsWith('/CONTENTS'),
  catalog(entries, { tree, distribution }) {
    const findings = new Findings();
    for (const entry of entries) {
      const folder = parentOf(entry.path);
      const { name, version } = splitVersion(nameOf(folder)) ?? {};
      if (name === undefined || version === undefined) {
        findings.problem(entry.path, 'bad-record', 'its folder names no package and version');
        continue;
      }
      const full = `${nameOf(parentOf(folder))}/${name}`;
      const license = decodeUtf8(tree.read(`${folder}/LICENSE`, 4096) ?? Buffer.alloc(0)).trim();
      findings.add({
        name: full,
        version,
        type: 'ebuild',
        purl: purlOf('ebuild', full, version, { qualifiers: { distro: distribution?.id } }),
        licenses: license === '' ? [] : [license],
        locations: [entry.path],
        layer: entry.layer,
        files: [...filesOf(findings.text(tree, entry, maxListBytes) ?? '')],
        foundBy: 'portage',
      });
    }
    return findings.done();
  },
});

/** `NAME-VERSION[-rN]` (PMS, 3.2: a version begins with a number behind a dash). */
function splitVersion(text: string): { readonly name: string; readonly version: string } | undefined {
  const pattern = /^(?<name>.+?)-(?<version>\d+(?:\.\d+)*[a-z]?(?:_(?:alpha|beta|pre|rc|p)\d*)*(?:-r\d+)?)$/;
  const { name, version } = pattern.exec(text.slice(0, 512))?.groups ?? {};
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** `obj PATH MD5 MTIME`, `sym PATH -> TARGET MTIME`, `dir PATH`; a path may have blanks. */
function* filesOf(text: string): Generator<OwnedFile> {
  for (const line of text.split('\n')) {
    const object = /^obj (?<path>\/.*) (?<hex>[0-9a-f]{32}) \d+$/.exec(line)?.groups;
    const link = object === undefined && line.startsWith('sym ') ? line.slice(4, line.indexOf(' -> ')) : undefined;
    const path = object?.['path'] ?? link;
    if (path === undefined || path === '') continue;
    yield object === undefined ? { path } : { path, digest: { algorithm: 'md5', hex: object['hex'] ?? '' } };
  }
}
