import { decodeUtf8 } from '../../../../base/bytes.ts';
import { nameOf, normalPath, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import type { Findings } from '../../findings.ts';
import type { OwnedFile } from '../../package.ts';

export const infoFolder = '/var/lib/dpkg/info';
const maxListBytes = 2 ** 26;

/** What a package installed, and when. */
interface Installed {
  readonly files: OwnedFile[];
  /** Modification time of its list: dpkg writes it when it unpacks. */
  readonly at: number | undefined;
}

/** Lists of files and checksums of the packages, by package. */
export class InstalledFiles {
  readonly #tree: FileTree;
  readonly #findings: Findings;
  readonly #entries = new Map<string, TreeEntry>();
  readonly #diversions: ReadonlyMap<string, Diversion>;

  constructor(tree: FileTree, findings: Findings, entries: readonly TreeEntry[]) {
    this.#tree = tree;
    this.#findings = findings;
    for (const entry of entries) this.#entries.set(nameOf(entry.path), entry);
    this.#diversions = readDiversions(tree);
  }

  /** Of an installed package: `info/NAME.list` or, when several architectures are installed side by side, `NAME:ARCH.list`. */
  of(name: string, architecture: string, conffiles: string): Installed {
    const entry = (suffix: string): TreeEntry | undefined =>
      this.#entries.get(`${name}${suffix}`) ?? this.#entries.get(`${name}:${architecture}${suffix}`);
    const list = entry('.list');
    const digests = this.#digests(entry('.md5sums'));
    const config = configDigests(conffiles);
    if (list === undefined) {
      // Distroless images keep the checksums only.
      return { files: filesOf([...new Set([...config.keys(), ...digests.keys()])], digests, config), at: undefined };
    }
    const paths = withoutFolders(this.#lines(list).map((line) => normalPath(line)));
    const placed = paths.map((path) => {
      const diversion = this.#diversions.get(path);
      return diversion === undefined || diversion.by === name ? path : diversion.to;
    });
    return { files: filesOf(placed, digests, config), at: list.mtime };
  }

  /** Of a package of a distroless image: `status.d/NAME.md5sums` beside its record. */
  beside(entry: TreeEntry | undefined): readonly OwnedFile[] {
    const digests = this.#digests(entry);
    return filesOf([...digests.keys()], digests, new Map());
  }

  #lines(entry: TreeEntry): string[] {
    const lines: string[] = [];
    for (const line of this.#findings.lines(this.#tree, entry, maxListBytes)) {
      // Folders are lines too: of what is left for files, twice as many are enough.
      if (lines.length > 2 * this.#findings.filesLeft) break;
      if (line !== '') lines.push(line);
    }
    return lines;
  }

  #digests(entry: TreeEntry | undefined): Map<string, string> {
    const digests = new Map<string, string>();
    for (const line of entry === undefined ? [] : this.#lines(entry)) {
      if (/^[0-9a-f]{32} [ *]/i.test(line)) digests.set(normalPath(line.slice(34)), line.slice(0, 32).toLowerCase());
      else this.#findings.problem(entry?.path ?? '', 'bad-record', 'a line is no checksum and path; it was skipped');
    }
    return digests;
  }
}

/** dpkg-divert(1): the file of all packages but `by` stands at `to`. */
interface Diversion {
  readonly to: string;
  readonly by: string;
}

function readDiversions(tree: FileTree): Map<string, Diversion> {
  const bytes = tree.read('/var/lib/dpkg/diversions', maxListBytes);
  const lines = bytes === undefined ? [] : decodeUtf8(bytes).split('\n');
  const diversions = new Map<string, Diversion>();
  for (let at = 0; at + 2 < lines.length; at += 3) {
    diversions.set(normalPath(lines[at] ?? ''), { to: normalPath(lines[at + 1] ?? ''), by: lines[at + 2] ?? '' });
  }
  return diversions;
}

/** A list names folders too; one that holds something is followed by that. */
function withoutFolders(paths: readonly string[]): string[] {
  const folders = new Set<string>(['/']);
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return paths.filter((path) => !folders.has(path));
}

function filesOf(
  paths: readonly string[],
  digests: ReadonlyMap<string, string>,
  config: ReadonlyMap<string, string>,
): OwnedFile[] {
  return paths.map((path) => {
    const configDigest = config.get(path);
    const hex = configDigest ?? digests.get(path);
    return {
      path,
      ...(hex === undefined ? {} : { digest: { algorithm: 'md5' as const, hex } }),
      ...(configDigest === undefined ? {} : { isConfig: true as const }),
    };
  });
}

/** Lines ` PATH MD5 [obsolete]` of the field `Conffiles`: checksums as shipped. An obsolete one is of an older version. */
function configDigests(field: string): Map<string, string> {
  const digests = new Map<string, string>();
  for (const line of field.split('\n')) {
    const groups = /^\s*(?<path>\/.*) (?<md5>[0-9a-f]{32})$/i.exec(line)?.groups;
    if (groups !== undefined) digests.set(normalPath(groups['path'] ?? ''), (groups['md5'] ?? '').toLowerCase());
  }
  return digests;
}
