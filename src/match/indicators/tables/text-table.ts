import { hashEnd, hashStart, hashStep } from './hash.ts';

/** Keys that one table can hold: the rest of a slot's 32 bits is a piece of the hash. */
export const maxKeys = (1 << 24) - 2;

/**
 * Distinct texts, each with a number from 0 in the order of adding. The texts stand as bytes in one array, found
 * through open addressing; a slot is a key number plus one, with eight bits of its hash on top, so that nearly every
 * miss is answered from the slots alone. About 15 bytes a key and its text, against 140 for a `Set` of strings.
 */
export class TextTable {
  /** Direction of hashing: from the end for names (their suffixes are looked up), from the start for the rest. */
  readonly #fromEnd: boolean;
  #bytes = new Uint8Array(1024);
  #starts = new Uint32Array(65);
  #slots = new Uint32Array(64);
  /** Hash of each key while keys are added, so that growing the slots does not read all texts again. */
  #hashes = new Uint32Array(64);
  #count = 0;

  constructor(options: { readonly fromEnd: boolean }) {
    this.#fromEnd = options.fromEnd;
  }

  get count(): number {
    return this.#count;
  }

  get byteLength(): number {
    return this.#bytes.byteLength + this.#starts.byteLength + this.#slots.byteLength + this.#hashes.byteLength;
  }

  /** Number of the text, which is added when it is not there; -1 when the table is full. */
  add(text: string): number {
    const key = asBytes(text);
    const hash = this.#hashOf(key);
    const known = this.findHashed(key, 0, key.length, hash);
    if (known >= 0) return known;
    if (this.#count >= maxKeys) return -1;
    if ((this.#count + 1) * 4 > this.#slots.length * 3) this.#rehash(this.#slots.length * 2);
    const start = this.#starts[this.#count] ?? 0;
    this.#reserve(start + key.length);
    const bytes = this.#bytes;
    for (let index = 0; index < key.length; index++) bytes[start + index] = key.charCodeAt(index);
    this.#starts[this.#count + 1] = start + key.length;
    this.#hashes[this.#count] = hash;
    this.#place(this.#count, hash);
    return this.#count++;
  }

  /** Number of the text, or -1. */
  find(text: string): number {
    const key = asBytes(text);
    return this.findHashed(key, 0, key.length, this.#hashOf(key));
  }

  /** Number of the text `[from, to)` of `key`, whose hash the caller has computed; -1 when it is not there. */
  findHashed(key: string, from: number, to: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const tag = hash >>> 24;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = slots[at] ?? 0;
      if (slot === 0) return -1;
      if (slot >>> 24 !== tag) continue;
      const number = (slot & 0x00ff_ffff) - 1;
      if (this.#equals(number, key, from, to)) return number;
    }
  }

  textAt(number: number): string {
    const bytes = this.#bytes.subarray(this.#starts[number] ?? 0, this.#starts[number + 1] ?? 0);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  }

  /** Gives back what was reserved for growth; nothing can be added afterwards. */
  trim(): void {
    this.#hashes = new Uint32Array(0);
    this.#bytes = this.#bytes.slice(0, this.#starts[this.#count] ?? 0);
    this.#starts = this.#starts.slice(0, this.#count + 1);
  }

  #equals(number: number, key: string, from: number, to: number): boolean {
    const start = this.#starts[number] ?? 0;
    if ((this.#starts[number + 1] ?? 0) - start !== to - from) return false;
    for (let index = from; index < to; index++) {
      if (this.#bytes[start + index - from] !== key.charCodeAt(index)) return false;
    }
    return true;
  }

  #hashOf(key: string): number {
    return this.#fromEnd ? hashFromEnd(key) : hashFromStart(key);
  }

  #place(number: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let at = hash & mask;
    while (this.#slots[at] !== 0) at = (at + 1) & mask;
    this.#slots[at] = (hash & 0xff00_0000) | (number + 1);
  }

  #rehash(size: number): void {
    this.#slots = new Uint32Array(size);
    for (let number = 0; number < this.#count; number++) this.#place(number, this.#hashes[number] ?? 0);
  }

  #reserve(bytes: number): void {
    if (bytes > this.#bytes.length) this.#bytes = enlarged(this.#bytes, Math.max(bytes, this.#bytes.length * 1.5));
    if (this.#count + 2 <= this.#starts.length) return;
    this.#starts = enlarged(this.#starts, this.#starts.length * 1.5);
    this.#hashes = enlarged(this.#hashes, this.#starts.length);
  }
}

/** A larger array with the same numbers in front. */
export function enlarged<
  A extends Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>,
>(array: A, size: number): A {
  const larger = new (array.constructor as new (length: number) => A)(Math.ceil(size));
  larger.set(array);
  return larger;
}

/** The text itself when it is ASCII, else one character for each byte of its UTF-8: keys are compared byte by byte. */
function asBytes(text: string): string {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 127) return Buffer.from(text, 'utf8').toString('latin1');
  }
  return text;
}

function hashFromStart(key: string): number {
  let hash = hashStart;
  for (let index = 0; index < key.length; index++) hash = hashStep(hash, key.charCodeAt(index));
  return hashEnd(hash);
}

function hashFromEnd(key: string): number {
  let hash = hashStart;
  for (let index = key.length - 1; index >= 0; index--) hash = hashStep(hash, key.charCodeAt(index));
  return hashEnd(hash);
}
