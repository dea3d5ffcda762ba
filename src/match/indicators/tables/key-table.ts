import { enlarged, type TextTable } from './text-table.ts';
import type { V4Table } from './v4-table.ts';

/** Keys of a table with the first entry of each, by the key's number. */
export class KeyTable<T extends TextTable | V4Table> {
  readonly keys: T;
  #heads = new Uint32Array(64);
  #known = 0;

  constructor(keys: T) {
    this.keys = keys;
  }

  get byteLength(): number {
    return this.keys.byteLength + this.#heads.byteLength;
  }

  /** First entry of a key, or -1 for a key that was just added. */
  headOf(key: number): number {
    return key < this.#known ? (this.#heads[key] ?? -1) : -1;
  }

  setHead(key: number, head: number): void {
    if (key >= this.#heads.length) this.#heads = enlarged(this.#heads, key * 1.5);
    this.#heads[key] = head;
    this.#known = Math.max(this.#known, key + 1);
  }

  /** Gives back what was reserved for growth. */
  trim(): void {
    this.keys.trim();
    this.#heads = this.#heads.slice(0, this.#known);
  }
}
