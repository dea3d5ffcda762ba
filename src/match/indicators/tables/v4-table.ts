import { hashNumber } from './hash.ts';
import { enlarged, maxKeys } from './text-table.ts';

/** Distinct IPv4 addresses as 32-bit numbers, each with a number from 0 in the order of adding; slots as in `TextTable`. */
export class V4Table {
  #keys = new Uint32Array(64);
  #slots = new Uint32Array(64);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get byteLength(): number {
    return this.#keys.byteLength + this.#slots.byteLength;
  }

  /** Number of the address, which is added when it is not there; -1 when the table is full. */
  add(address: number): number {
    const known = this.find(address);
    if (known >= 0) return known;
    if (this.#count >= maxKeys) return -1;
    if ((this.#count + 1) * 4 > this.#slots.length * 3) this.#rehash(this.#slots.length * 2);
    if (this.#count === this.#keys.length) this.#keys = enlarged(this.#keys, this.#keys.length * 1.5);
    this.#keys[this.#count] = address;
    this.#place(this.#count, address);
    return this.#count++;
  }

  /** Number of the address, or -1. */
  find(address: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hash = hashNumber(address);
    const tag = hash >>> 24;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = slots[at] ?? 0;
      if (slot === 0) return -1;
      if (slot >>> 24 === tag && this.#keys[(slot & 0x00ff_ffff) - 1] === address) return (slot & 0x00ff_ffff) - 1;
    }
  }

  addressAt(number: number): number {
    return this.#keys[number] ?? 0;
  }

  /** Gives back what was reserved for growth. */
  trim(): void {
    this.#keys = this.#keys.slice(0, this.#count);
  }

  #place(number: number, address: number): void {
    const mask = this.#slots.length - 1;
    const hash = hashNumber(address);
    let at = hash & mask;
    while (this.#slots[at] !== 0) at = (at + 1) & mask;
    this.#slots[at] = (hash & 0xff00_0000) | (number + 1);
  }

  #rehash(size: number): void {
    this.#slots = new Uint32Array(size);
    for (let number = 0; number < this.#count; number++) this.#place(number, this.#keys[number] ?? 0);
  }
}
