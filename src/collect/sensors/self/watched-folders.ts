import { watch, type FSWatcher } from 'node:fs';

/** The kernel says that something happened in one of some folders (inotify): whoever looks at all that is in them need not do so again and again. */
export class WatchedFolders {
  readonly #watchers = new Map<string, FSWatcher>();
  #hasChanged = false;
  #isBlind = false;

  /** These from now on, of each these names. Folders that are not there are left out. */
  follow(folders: ReadonlyMap<string, ReadonlySet<string> | 'all'>): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
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
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #begin(folder: string, names: ReadonlySet<string> | 'all'): void {
    const changed = (): void => void (this.#hasChanged = true);
    const toName = (_what: string, name: string | null): void => {
      if (name === null || names === 'all' || names.has(name)) changed();
    };
    try {
      this.#watchers.set(folder, watch(folder, { persistent: false }, toName).on('error', changed));
    } catch (error) {
      // Of the user's watches none is left: then there is nothing but looking.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#isBlind = true;
    }
  }
}
