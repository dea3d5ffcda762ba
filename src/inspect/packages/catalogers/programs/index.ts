import { decodeUtf8 } from '../../../../base/bytes.ts';
import { nameOf, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import { purlOf } from '../../purl.ts';
import { knownPrograms, type KnownProgram } from './known.ts';

/** Runtimes with everything in them have some hundred megabytes. */
const maxProgramBytes = 2 ** 28;
/** Places of the mark that are looked at: manuals inside a program have it too. */
const maxMarks = 50;
const aroundBytes = 64;
const partBytes = 2 ** 20;

export const cataloger = defineCataloger({
  id: 'programs',
  title: 'Known programs',
  description: `Runtimes, shells and servers that stand in an image without a package, by the version in their own bytes: ${[...new Set(knownPrograms.map(({ name }) => name))].join(', ')}; Go by \`go/VERSION\`, Java by its \`release\` file. Those that a package of a comprehensive distribution brought say so.`,
  references: ['https://openjdk.org/jeps/8043758'],
  guide: ['C25'],
  wants: ({ type, path, size, mode }) =>
    type === 'file' &&
    (path.endsWith('/go/VERSION') ||
      (path.endsWith('/release') && size < 2 ** 16) ||
      (size > 1024 && ((mode & 0o111) !== 0 || path.includes('.so')) && programsNamed(nameOf(path)).length > 0)),
  catalog(entries, { tree }) {
    const findings = new Findings();
    for (const entry of entries) {
      const found = readerOf(entry)(tree, entry);
      if (found === undefined) continue;
      findings.add({
        ...found,
        type: 'generic',
        purl: purlOf('generic', found.name, found.version),
        locations: [entry.path],
        layer: entry.layer,
        foundBy: 'programs',
      });
    }
    return findings.done();
  },
});

interface Found {
  readonly name: string;
  readonly version: string;
}

function programsNamed(file: string) {
  return knownPrograms.filter((program) => program.file.test(file));
}

function readerOf({ path }: TreeEntry): (tree: FileTree, entry: TreeEntry) => Found | undefined {
  if (path.endsWith('/go/VERSION')) return goRelease;
  return path.endsWith('/release') ? javaRelease : versionInside;
}

/** `go1.21.3` on the first line. */
function goRelease(tree: FileTree, { path }: TreeEntry): Found | undefined {
  const text = decodeUtf8(tree.read(path, 256) ?? Buffer.alloc(0));
  const version = /^go(?<version>\d+(?:\.\d+)+(?:(?:rc|beta)\d+)?)/.exec(text)?.groups?.['version'];
  return version === undefined ? undefined : { name: 'go', version };
}

/** `JAVA_VERSION="11.0.2"` in the root of a JDK or JRE. */
function javaRelease(tree: FileTree, { path }: TreeEntry): Found | undefined {
  const text = decodeUtf8(tree.read(path, 2 ** 16) ?? Buffer.alloc(0));
  const version = /^JAVA_VERSION="(?<version>[\w.+-]{1,60})"/m.exec(text)?.groups?.['version'];
  return version === undefined ? undefined : { name: 'java', version };
}

function versionInside(tree: FileTree, entry: TreeEntry): Found | undefined {
  const file = nameOf(entry.path);
  // Scripts and packed files with the same name are none.
  if (!isProgram(tree.read(entry.path, 4))) return undefined;
  for (const program of programsNamed(file)) {
    const mark = typeof program.mark === 'string' ? program.mark : program.mark(file);
    const version = mark === undefined ? undefined : findVersion(tree, entry, mark, program);
    if (version !== undefined) return { name: program.name, version };
  }
  return undefined;
}

function isProgram(head: Buffer | undefined): boolean {
  if (head === undefined || head.length < 4) return false;
  const magic = head.readUInt32BE(0);
  return magic === 0x7f_45_4c_46 || magic >>> 16 === 0x4d_5a || magic === 0xcf_fa_ed_fe || magic === 0xca_fe_ba_be;
}

/** Looks around each mark, a part of the program after the other: whole in memory, Node's would be 120 MB. */
function findVersion(
  tree: FileTree,
  { path, size }: TreeEntry,
  mark: string,
  { version, before = 0 }: KnownProgram,
): string | undefined {
  const end = Math.min(size, maxProgramBytes);
  for (let start = 0, count = 0; start < end && count < maxMarks; start += partBytes) {
    // Marks that begin in this part, with what belongs to them of its neighbours.
    const first = Math.min(start, before);
    const bytes = tree.readAt(path, start - first, first + partBytes + mark.length + aroundBytes);
    if (bytes === undefined) return undefined;
    for (
      let at = bytes.indexOf(mark, first, 'latin1');
      at >= 0 && at < first + partBytes && count < maxMarks;
      count++
    ) {
      const around = bytes.toString('latin1', Math.max(at - before, 0), at + mark.length + aroundBytes);
      const found = version.exec(around)?.groups?.['version'];
      if (found !== undefined) return found;
      at = bytes.indexOf(mark, at + 1, 'latin1');
    }
  }
  return undefined;
}
