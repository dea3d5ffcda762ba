import { RecordDamage } from './damage.ts';

/** Reads little-endian numbers one after another, never past `end`. */
export class Cursor {
  readonly bytes: Buffer;
  readonly end: number;
  at: number;

  constructor(bytes: Buffer, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = Math.min(end, bytes.length);
  }

  u8(): number {
    return this.bytes[this.#take(1)] ?? 0;
  }

  u16(): number {
    return this.bytes.readUInt16LE(this.#take(2));
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.#take(4));
  }

  /** The offset of that many bytes, which are passed over. */
  skip(length: number): number {
    return this.#take(length);
  }

  #take(length: number): number {
    const from = this.at;
    if (from + length > this.end) throw new RecordDamage(`it ends within a value, at byte ${from} of its chunk`);
    this.at = from + length;
    return from;
  }
}
