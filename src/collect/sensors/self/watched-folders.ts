import { statSync, watch, type FSWatcher } from 'node:fs';

/** The kernel says that something happened in one of some folders (inotify): whoever looks at all that is in them need not do so again and again. */
export class WatchedFolders {
  readonly #watchers = new Map<string, { readonly watcher: FSWatcher; readonly identity: string | undefined }>();
  #hasChanged = false;
  #isBlind = false;

  /** These from now on, of each these names. Folders that are not there are left out. */
  follow(folders: ReadonlyMap<string, ReadonlySet<string> | 'all'>): void {
    for (const [folder, { watcher, identity }] of this.#watchers) {
      // One that was put in the place of another is not the one that is watched.
      if (folders.has(folder) && identityOf(folder) === identity) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const [folder, names] of folders) if (!this.#watchers.has(folder)) this.#begin(folder, names);
  }

  /** Whether something happened since it was asked last; true whenever the kernel could not be asked. */
  takeChanged(): boolean {
    const hasChanged = this.#hasChanged;
    this.#hasChanged = false;
    return hasChanged || this.#isBlind;
  }

  close(): void {
    for (const { watcher } of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #begin(folder: string, names: ReadonlySet<string> | 'all'): void {
    const changed = (): void => void (this.#hasChanged = true);
    const toName = (_what: string, name: string | null): void => {
      if (name === null || names === 'all' || names.has(name)) changed();
    };
    try {
      const watcher = watch(folder, { persistent: false }, toName).on('error', changed);
      this.#watchers.set(folder, { watcher, identity: identityOf(folder) });
    } catch (error) {
      // Of the user's watches none is left: then there is nothing but looking.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#isBlind = true;
    }
  }
}

/** Which folder stands at a path: numbers of inodes are used again at once. Undefined when none does. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino, birthtimeMs } = statSync(path);
    return `${dev}/${ino}/${birthtimeMs}`;
  } catch {
    return undefined;
  }
}
