import { zstdDecompressSync } from 'node:zlib';
import { append } from '../../../../base/multimap.ts';
import { linesOf } from '../../../tree/lines.ts';
import { normalPath, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger, type CatalogContext } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import { asList, asObject, asText } from '../../json.ts';
import type { OwnedFile } from '../../package.ts';
import { purlOf } from '../../purl.ts';
import { readStanzas } from '../../stanzas.ts';
import { sourceName } from './sources.ts';

/** Packed and unpacked; that of a whole server with Java has a megabyte. */
const maxPackedBytes = 2 ** 24;
const maxBytes = 2 ** 26;
const maxStatusBytes = 2 ** 26;
const maxStatusFiles = 10_000;

type Members = Readonly<Record<string, unknown>>;

export const cataloger = defineCataloger({
  id: 'chisel',
  title: 'Packages of chiselled Ubuntu images',
  description:
    '`manifest.wall` of Chisel, which images of slices of packages have in place of a database of dpkg: packages, and of each the files that were taken, with mode and SHA-256. The source package, which it does not tell, is known by a table for the packages that are cut most.',
  references: ['https://documentation.ubuntu.com/chisel/en/latest/reference/manifest/'],
  guide: ['C25'],
  wants: ({ path }) => path.endsWith('/manifest.wall'),
  catalog(entries, context) {
    const findings = new Findings();
    const known = new Set<string>();
    for (const entry of entries) {
      if (entry.type !== 'file') continue;
      if (known.size === 0) for (const name of recordedByDpkg(context.tree)) known.add(name);
      const records = readManifest(entry, context.tree, findings);
      const files = filesOf(records);
      for (const record of records) {
        if (record['kind'] === 'package') addPackage(record, entry, { context, findings, files, known });
      }
    }
    return findings.done();
  },
});

interface Reading {
  readonly context: CatalogContext;
  readonly findings: Findings;
  /** By the name of the package. */
  readonly files: ReadonlyMap<string, readonly OwnedFile[]>;
  /** Name and version of what was listed before: an image may have several manifests, each with everything. */
  readonly known: Set<string>;
}

function addPackage(record: Members, entry: TreeEntry, { context, findings, files, known }: Reading): void {
  const [name, version] = [asText(record['name']) ?? '', asText(record['version']) ?? ''];
  if (name === '' || version === '') {
    findings.problem(entry.path, 'bad-record', 'a package has no name or version; it was skipped');
    return;
  }
  const key = `${name} ${version}`;
  if (known.has(key)) return;
  known.add(key);
  const { distribution } = context;
  const architecture = asText(record['arch']);
  const release = distribution?.exactRelease ?? distribution?.versionId;
  findings.add({
    name,
    version,
    type: 'deb',
    purl: purlOf('deb', name, version, {
      namespace: distribution?.id,
      qualifiers: { arch: architecture, distro: distribution && release && `${distribution.id}-${release}` },
    }),
    source: { name: sourceName(name, version), version: version.replace(/\+b\d+$/, '') },
    architecture,
    locations: [entry.path],
    layer: entry.layer,
    files: files.get(name) ?? [],
    foundBy: 'chisel',
  });
}

/** Objects one a line, packed with zstd. What cannot be read is a problem, once for each kind. */
function readManifest(entry: TreeEntry, tree: FileTree, findings: Findings): Members[] {
  const packed = findings.bytes(tree, entry, maxPackedBytes);
  const text = packed === undefined ? undefined : findings.parsed(entry.path, () => unpack(packed).toString('utf8'));
  const records: Members[] = [];
  let damaged = 0;
  let line = 0;
  for (let start = 0; text !== undefined && start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    line++;
    try {
      if (end > start) records.push(asObject(JSON.parse(text.slice(start, end))));
    } catch {
      if (damaged++ === 0) findings.problem(entry.path, 'bad-record', 'a line is no JSON; it was skipped', line);
    }
    start = end + 1;
  }
  if (text !== undefined && asText(records[0]?.['jsonwall']) === undefined) {
    findings.problem(entry.path, 'bad-header', 'it does not begin as a manifest of Chisel');
  }
  return records;
}

function unpack(packed: Buffer): Buffer {
  return packed[0] === 0x7b ? packed : zstdDecompressSync(packed, { maxOutputLength: maxBytes });
}

/** A slice is `PACKAGE_SLICE`; a file may belong to several packages. Folders end in a slash. */
function filesOf(records: readonly Members[]): Map<string, OwnedFile[]> {
  const files = new Map<string, OwnedFile[]>();
  for (const record of records) {
    const path = asText(record['path']);
    if (record['kind'] !== 'path' || path === undefined || path.endsWith('/')) continue;
    const mode = /^0?[0-7]{3,4}$/.exec(asText(record['mode']) ?? '')?.[0];
    // What a script of the slice wrote has another digest in the end.
    const hex = asText(record['final_sha256']) ?? asText(record['sha256']) ?? '';
    const file: OwnedFile = {
      path: normalPath(path),
      ...(/^[0-9a-f]{64}$/.test(hex) ? { digest: { algorithm: 'sha256' as const, hex } } : {}),
      ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
    };
    const owners = new Set(asList(record['slices']).map((slice) => asText(slice)?.replace(/_[^_]*$/, '') ?? ''));
    for (const owner of owners) append(files, owner, file);
  }
  return files;
}

/** Name and version of each package that a database of dpkg has, beside which the manifest says nothing new. */
function* recordedByDpkg(tree: FileTree): Generator<string> {
  const folder = tree.list('/var/lib/dpkg/status.d').slice(0, maxStatusFiles);
  const wanted = new Set(['package', 'version']);
  for (const path of ['/var/lib/dpkg/status', ...folder.map((entry) => entry.path)]) {
    if (tree.stat(path)?.type !== 'file' || path.endsWith('.md5sums')) continue;
    for (const { fields } of readStanzas(linesOf(tree, path, maxStatusBytes), wanted)) {
      yield `${fields.get('package') ?? ''} ${fields.get('version') ?? ''}`;
    }
  }
}
