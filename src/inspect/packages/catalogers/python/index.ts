import { decodeUtf8 } from '../../../../base/bytes.ts';
import { childOf, parentOf, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import type { OwnedFile } from '../../package.ts';
import { purlOf } from '../../purl.ts';
import { openTreeZip } from '../../zip/tree-zip.ts';
import { parseMetadata } from './metadata.ts';
import { parseRecord } from './record.ts';

const maxRecordBytes = 2 ** 25;
const maxMetadataBytes = 2 ** 22;

/** `.egg-info` is a folder, or a file with what its PKG-INFO would say; `.egg` is a folder, or a zip of one. */
const metadataPath = /(?:\.dist-info\/METADATA|\.egg-info\/PKG-INFO|\/EGG-INFO\/PKG-INFO|\.egg-info)$/;

export const cataloger = defineCataloger({
  id: 'python',
  title: 'Installed Python packages',
  description:
    '`*.dist-info/METADATA` with the files of `RECORD`, `*.egg-info` (a folder or a file) with those of `installed-files.txt`, and `*.egg` (a folder or a zip).',
  references: [
    'https://packaging.python.org/en/latest/specifications/core-metadata/',
    'https://packaging.python.org/en/latest/specifications/recording-installed-packages/',
  ],
  guide: ['C25'],
  wants: ({ path }) => path.endsWith('.egg') || metadataPath.test(path),
  catalog(entries, { tree }) {
    const findings = new Findings();
    for (const entry of entries) {
      if (entry.type !== 'file') continue;
      const text = entry.path.endsWith('.egg')
        ? metadataOfEgg(tree, entry, findings)
        : findings.text(tree, entry, maxMetadataBytes);
      if (text === undefined) continue;
      const metadata = parseMetadata(text);
      if (metadata === undefined) {
        findings.problem(entry.path, 'bad-record', 'it names no package and version');
        continue;
      }
      findings.add({
        ...metadata,
        type: 'pypi',
        purl: purlOf('pypi', metadata.name, metadata.version),
        locations: [entry.path],
        layer: entry.layer,
        files: filesOf(tree, entry),
        foundBy: 'python',
      });
    }
    return findings.done();
  },
});

function metadataOfEgg(tree: FileTree, entry: TreeEntry, findings: Findings): string | undefined {
  const zip = openTreeZip(tree, entry);
  if (typeof zip === 'string') {
    findings.problem(entry.path, 'bad-record', `it is no zip archive: ${zip}`);
    return undefined;
  }
  const member = zip.members.find(({ name }) => name === 'EGG-INFO/PKG-INFO');
  const bytes = member === undefined ? undefined : zip.read(member, maxMetadataBytes);
  return bytes === undefined ? undefined : decodeUtf8(bytes);
}

function filesOf(tree: FileTree, { path }: TreeEntry): OwnedFile[] {
  const folder = parentOf(path);
  const read = (name: string): string | undefined => {
    const bytes = tree.read(childOf(folder, name), maxRecordBytes);
    return bytes === undefined ? undefined : decodeUtf8(bytes);
  };
  if (path.endsWith('.dist-info/METADATA')) return parseRecord(read('RECORD') ?? '', parentOf(folder));
  if (!path.endsWith('.egg-info/PKG-INFO')) return [];
  const installed = (read('installed-files.txt') ?? '').split('\n').filter((line) => line.trim() !== '');
  return parseRecord(installed.map((line) => `"${line.trim().replaceAll('"', '""')}",,`).join('\n'), folder);
}
