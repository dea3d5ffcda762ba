import { RecordDamage } from './damage.ts';

/** Bytes of a name before its characters: offset of the next in its hash chain, hash, length. */
const headLength = 8;
/** Longer names do not occur; `Data` elements carry longer ones as values. */
const maxNameLength = 1024;

/** Names of elements and attributes of one chunk, by their offset in it. */
export class Names {
  readonly #chunk: Buffer;
  readonly #known = new Map<number, string>();

  constructor(chunk: Buffer) {
    this.#chunk = chunk;
  }

  at(offset: number): string {
    const known = this.#known.get(offset);
    if (known !== undefined) return known;
    const { length } = this;
    const characters = this.#count(offset);
    const start = offset + headLength;
    if (characters > maxNameLength || start + 2 * characters > length) {
      throw new RecordDamage(`a name at byte ${offset} of its chunk has ${characters} characters`);
    }
    const name = this.#chunk.toString('utf16le', start, start + 2 * characters).toWellFormed();
    this.#known.set(offset, name);
    return name;
  }

  /** Bytes that the name takes where it stands, its final zero included. */
  sizeAt(offset: number): number {
    return headLength + 2 * this.#count(offset) + 2;
  }

  get length(): number {
    return this.#chunk.length;
  }

  #count(offset: number): number {
    if (offset + headLength > this.length) throw new RecordDamage(`a name is said to be at byte ${offset}`);
    return this.#chunk.readUInt16LE(offset + 6);
  }
}
