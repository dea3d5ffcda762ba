import { readFileSync } from 'node:fs';
import { parseMountinfo, type Mount } from '../../../base/mountinfo.ts';
import { happened } from '../../linux/fanotify/fanotify-event.ts';
import type { FanotifyGroup } from '../../linux/fanotify/fanotify-group.ts';
import type { HandlePaths } from '../../linux/fanotify/handle-paths.ts';
import type { WatchedFiles } from './watched-files.ts';

const changes =
  happened.create |
  happened.delete |
  happened.rename |
  happened.modify |
  happened.closeWrite |
  happened.attribute |
  happened.onFolder;
const reads = happened.open | happened.access;

/** File systems of the kernel and of memory that hold no files that stay, and those of others' machines, which tell nothing. */
const withoutFiles = new Set([
  'proc',
  'sysfs',
  'cgroup',
  'cgroup2',
  'devpts',
  'devtmpfs',
  'mqueue',
  'debugfs',
  'tracefs',
  'securityfs',
  'pstore',
  'bpf',
  'configfs',
  'fusectl',
  'autofs',
  'binfmt_misc',
  'hugetlbfs',
  'nsfs',
  'squashfs',
  'iso9660',
]);

/** Keeps what is asked of the kernel in step with what is mounted and with which files are there. */
export class Marks {
  readonly #group: FanotifyGroup;
  readonly #paths: HandlePaths;
  readonly #files: WatchedFiles;
  readonly #onNote: (note: string) => void;
  #mounts = '';
  readonly #readFiles = new Set<string>();
  readonly #told = new Set<string>();

  constructor(group: FanotifyGroup, paths: HandlePaths, files: WatchedFiles, onNote: (note: string) => void) {
    this.#group = group;
    this.#paths = paths;
    this.#files = files;
    this.#onNote = onNote;
  }

  /** Asks for the file systems that hold watched places; to be called again now and then. */
  addFileSystems(): void {
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
    if (mounts === this.#mounts) return;
    this.#mounts = mounts;
    const roots = this.#files.roots();
    const all = [...parseMountinfo(mounts)];
    for (const { point, type } of all) {
      if (withoutFiles.has(type) || !holdsWatched(point, roots, all)) continue;
      // The folder first: a single file that is mounted (the resolv.conf of a container) leads to no other of its file system.
      const refused = this.#paths.addFileSystem(point) ?? this.#group.addFileSystem(point, changes);
      if (refused === 'ENOTDIR') this.#tell(`changes of ${point}, a file that is mounted by itself, may not be seen`);
      else if (refused !== undefined) this.#tell(`changes below ${point} (${type}) are not seen: ${refused}`);
    }
  }

  /** Asks for the files whose readers are told. */
  addReadFiles(): void {
    for (const path of this.#files.readFiles()) {
      this.#readFiles.add(path);
      this.#addReadFile(path);
    }
  }

  /** Something has this path now: a file that is replaced has lost its mark. */
  reappeared(path: string): void {
    if (this.#readFiles.has(path)) this.#addReadFile(path);
  }

  #addReadFile(path: string): void {
    const refused = this.#group.addFile(path, reads);
    if (refused !== undefined && refused !== 'ENOENT') this.#tell(`who reads ${path} is not seen: ${refused}`);
  }

  #tell(note: string): void {
    if (!this.#told.has(note)) this.#onNote(note);
    this.#told.add(note);
  }
}

/** A mount below a watched place holds some of it, and so does the nearest mount above one. */
function holdsWatched(point: string, roots: readonly string[], all: readonly Mount[]): boolean {
  return roots.some((root) => isBelow(point, root) || (isBelow(root, point) && nearestAbove(root, all) === point));
}

function nearestAbove(root: string, all: readonly Mount[]): string {
  return all
    .map(({ point }) => point)
    .reduce((best, point) => (isBelow(root, point) && point.length > best.length ? point : best), '/');
}

function isBelow(path: string, other: string): boolean {
  return other === '/' || path === other || path.startsWith(`${other}/`);
}
