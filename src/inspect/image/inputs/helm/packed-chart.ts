import { gunzipSync } from 'node:zlib';
import { normalPath, parentOf, type FileTree, type TreeEntry, type TreeProblem } from '../../../tree/tree.ts';
import { TarReader } from '../../tar/tar-reader.ts';

/** Helm itself takes no larger chart, packed or unpacked (five times twenty megabytes). */
const maxPackedBytes = 2 ** 24;
const maxUnpackedBytes = 100 * 2 ** 20;
const maxMembers = 10_000;

/** What `helm package` writes is called so; images are packed in the same way. */
export function mayBePackedChart(path: string): boolean {
  return /\.(?:tgz|tar\.gz)$/.test(path);
}

/**
 * The files of a packed chart, a tar in gzip, as a tree: below the path of the archive and a `!`, so that what is found in it says where it
 * stands. Nothing is written anywhere, and links in it lead nowhere.
 */
export class PackedChart implements FileTree {
  readonly kind = 'folder';
  readonly name: string;
  /** The folder in it that has a `Chart.yaml`. */
  readonly folder: string;
  readonly #entries = new Map<string, TreeEntry>();
  readonly #contents = new Map<string, Buffer>();
  readonly #children = new Map<string, Set<string>>();

  private constructor(name: string, folder: string) {
    this.name = name;
    this.folder = folder;
  }

  /** Undefined when it is no packed chart, or goes past a bound. */
  static open(tree: FileTree, path: string): PackedChart | undefined {
    const { size = 0, type } = tree.stat(path) ?? {};
    const packed = type === 'file' && size <= maxPackedBytes ? tree.read(path, maxPackedBytes) : undefined;
    const tar = packed === undefined ? undefined : unpacked(packed);
    const files = tar === undefined ? [] : filesIn(tar);
    const top = files.find(({ name }) => /^[^/]+\/Chart\.yaml$/.test(name));
    if (top === undefined) return undefined;
    const chart = new PackedChart(path, `${path}!/${parentOf(top.name)}`);
    for (const { name, content } of files) chart.#put(normalPath(`/${name}`), content);
    return chart;
  }

  lstat(path: string): TreeEntry | undefined {
    return this.#entries.get(path);
  }

  stat(path: string): TreeEntry | undefined {
    return this.#entries.get(path);
  }

  list(path: string): readonly TreeEntry[] {
    const names = [...(this.#children.get(path) ?? [])].sort();
    return names.map((name) => this.#entries.get(name)).filter((entry) => entry !== undefined);
  }

  read(path: string, maxBytes?: number): Buffer | undefined {
    return this.#contents.get(path)?.subarray(0, maxBytes);
  }

  readAt(path: string, offset: number, length: number): Buffer | undefined {
    return this.#contents.get(path)?.subarray(offset, offset + length);
  }

  drainProblems(): TreeProblem[] {
    return [];
  }

  #put(inside: string, content: Buffer): void {
    const root = `${this.name}!`;
    let path = root + inside;
    this.#contents.set(path, content);
    this.#entries.set(path, entryOf(path, 'file', content.length));
    while (path.length > root.length) {
      const folder = parentOf(path);
      const siblings = this.#children.get(folder) ?? new Set();
      this.#children.set(folder, siblings.add(path));
      path = folder;
      if (this.#entries.has(path)) break;
      this.#entries.set(path, entryOf(path, 'directory', 0));
    }
  }
}

function entryOf(path: string, type: 'file' | 'directory', size: number): TreeEntry {
  return { path, type, size, mode: 0o644, uid: 0, gid: 0, mtime: 0 };
}

function unpacked(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxUnpackedBytes });
  } catch {
    // It is no gzip, or unpacks past the bound: whoever asked is told that it is no chart.
    return undefined;
  }
}

function filesIn(tar: Buffer): { name: string; content: Buffer }[] {
  const files: { name: string; content: Buffer }[] = [];
  const reader = new TarReader({
    member: ({ name, type, offset, size }) => {
      const isPlain = type === 'file' && !name.split('/').includes('..');
      if (!isPlain || files.length >= maxMembers) return;
      files.push({ name: name.replace(/^(?:\.?\/)+/, ''), content: tar.subarray(offset, offset + size) });
    },
    problem: () => undefined,
  });
  reader.push(tar);
  return files;
}
