import { readFileSync, statSync } from 'node:fs';

const lookEveryMs = 2000;
const maxBytes = 4 * 1024 * 1024;

/** Names of the users of this machine, from `/etc/passwd`; read again when it has changed. */
export class UserNames {
  readonly #path: string;
  #names: ReadonlyMap<number, string> = new Map();
  #modifiedMs = -1;
  #lookedAt = -Infinity;

  constructor(path = '/etc/passwd') {
    this.#path = path;
  }

  of(id: number): string | null {
    if (performance.now() - this.#lookedAt > lookEveryMs) this.#look();
    return this.#names.get(id) ?? null;
  }

  #look(): void {
    this.#lookedAt = performance.now();
    const stats = statSync(this.#path, { throwIfNoEntry: false });
    if (stats === undefined || stats.mtimeMs === this.#modifiedMs || stats.size > maxBytes) return;
    this.#modifiedMs = stats.mtimeMs;
    const names = new Map<number, string>();
    for (const line of readFileSync(this.#path, 'utf8').split('\n')) {
      const [name = '', , id = ''] = line.split(':', 3);
      // The first of several names of an id is the one that getpwuid(3) gives.
      if (name !== '' && /^\d{1,10}$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
    }
    this.#names = names;
  }
}
