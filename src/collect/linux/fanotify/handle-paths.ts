import { closeSync, constants, openSync, readlinkSync } from 'node:fs';
import koffi from 'koffi';
import type { FileRecord } from './fanotify-event.ts';

const libc = koffi.load('libc.so.6');
const openByHandle = libc.func('int open_by_handle_at(int, const void *, int)');
const close = libc.func('int close(int)');
const statfs = libc.func('int statfs(const char *, _Out_ uint8_t *)');
const pathOnly = 0o10000000;
/** `f_fsid` in `struct statfs` on 64-bit machines. */
const fileSystemAt = 56;
const statfsBytes = 120;
const maxFolders = 50_000;

/**
 * Paths of files that are told by handle. Needs CAP_DAC_READ_SEARCH. Folders are remembered: what happens below one that is gone by the
 * time it is asked for has a path too, when it was seen before.
 */
export class HandlePaths {
  /** A descriptor of a folder in each file system. */
  readonly #mounts = new Map<string, number>();
  readonly #folders = new Map<string, string>();

  /** Handles of the file system of this folder can be resolved from now on; the name of the error when the folder cannot be opened. */
  addFileSystem(path: string): string | undefined {
    const bytes = Buffer.alloc(statfsBytes);
    if (statfs(path, bytes) !== 0) return 'ENOENT';
    const id = bytes.toString('hex', fileSystemAt, fileSystemAt + 8);
    if (this.#mounts.has(id)) return undefined;
    try {
      this.#mounts.set(id, openSync(path, constants.O_RDONLY | constants.O_DIRECTORY));
      return undefined;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'EIO';
    }
  }

  /** The path of the named entry of a folder; undefined when the folder is gone and was never seen. */
  entry(record: FileRecord): string | undefined {
    const key = keyOf(record);
    let folder = this.#folders.get(key);
    if (folder === undefined) {
      folder = this.#resolve(record);
      if (folder !== undefined) this.#remember(key, folder);
    }
    if (folder === undefined || record.name === '' || record.name === '.') return folder;
    return folder === '/' ? `/${record.name}` : `${folder}/${record.name}`;
  }

  /** The path of the file itself; undefined when it is gone. */
  file(record: FileRecord): string | undefined {
    return this.#resolve(record);
  }

  /** A folder has come into being. */
  learn(record: FileRecord, path: string): void {
    this.#remember(keyOf(record), path);
  }

  /** A folder was renamed: what lies below it has other paths now. */
  rename(from: string, to: string): void {
    for (const [key, path] of this.#folders) {
      if (path === from) this.#folders.set(key, to);
      else if (path.startsWith(`${from}/`)) this.#folders.set(key, to + path.slice(from.length));
    }
  }

  close(): void {
    for (const descriptor of this.#mounts.values()) closeSync(descriptor);
  }

  #remember(key: string, path: string): void {
    this.#folders.set(key, path);
    if (this.#folders.size > maxFolders) this.#folders.delete(this.#folders.keys().next().value ?? '');
  }

  #resolve({ fileSystem, handle }: FileRecord): string | undefined {
    const mount = this.#mounts.get(fileSystem);
    const descriptor = mount === undefined ? -1 : (openByHandle(mount, handle, pathOnly) as number);
    if (descriptor < 0) return undefined;
    try {
      const path = readlinkSync(`/proc/self/fd/${descriptor}`);
      return path.endsWith(' (deleted)') ? undefined : path;
    } catch {
      return undefined;
    } finally {
      close(descriptor);
    }
  }
}

function keyOf({ fileSystem, handle }: FileRecord): string {
  return fileSystem + handle.toString('latin1');
}
