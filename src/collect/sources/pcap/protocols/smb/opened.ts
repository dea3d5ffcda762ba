/** What is remembered of a file that a connection has opened. */
export interface Opened {
  readonly path: string | undefined;
  readonly name: string;
  /** Undefined for one that was not opened, but named. */
  readonly size: number | undefined;
  readonly isFolder: boolean;
}

const maxOpened = 1000;

/** A map that forgets what came first, when it is full. */
export class Recent<Key, Value> {
  readonly #entries = new Map<Key, Value>();

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: Key, value: Value): void {
    this.#entries.delete(key);
    if (this.#entries.size >= maxOpened) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, value);
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }
}
