/**
 * Reads values one after another from part of a buffer. Past the end it gives zeros and empty texts and sets `isCut`:
 * the caller looks once for each entry.
 */
export class Cursor {
  at: number;
  readonly end: number;
  isCut = false;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #littleEndian: boolean;

  constructor(bytes: Buffer, view: DataView, littleEndian: boolean, start: number, end: number) {
    this.#bytes = bytes;
    this.#view = view;
    this.#littleEndian = littleEndian;
    this.at = start;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** A cursor over the next `length` bytes, which this one goes past. */
  take(length: number): Cursor {
    const start = this.#step(length);
    return new Cursor(this.#bytes, this.#view, this.#littleEndian, start, start < 0 ? start : start + length);
  }

  u8(): number {
    const at = this.#step(1);
    return at < 0 ? 0 : this.#view.getUint8(at);
  }

  u16(): number {
    const at = this.#step(2);
    return at < 0 ? 0 : this.#view.getUint16(at, this.#littleEndian);
  }

  u32(): number {
    const at = this.#step(4);
    return at < 0 ? 0 : this.#view.getUint32(at, this.#littleEndian);
  }

  /** A signed 64-bit value as a number: exact up to 2^53, nearest beyond. */
  i64(): number {
    const at = this.#step(8);
    return at < 0 ? 0 : readInt64(this.#view, at, this.#littleEndian);
  }

  u64(): bigint {
    const at = this.#step(8);
    return at < 0 ? 0n : this.#view.getBigUint64(at, this.#littleEndian);
  }

  /** A text with its length (16 bits) before it. */
  text(): string {
    return this.bytes(this.u16()).toString('utf8');
  }

  /** The next bytes as they lie in the buffer: copy what is kept. */
  bytes(length: number): Buffer {
    const at = this.#step(length);
    return at < 0 ? this.#bytes.subarray(0, 0) : this.#bytes.subarray(at, at + length);
  }

  #step(length: number): number {
    if (this.isCut || length > this.left) {
      this.isCut = true;
      return -1;
    }
    const { at } = this;
    this.at += length;
    return at;
  }
}

/** A signed 64-bit value as a number: exact up to 2^53, nearest beyond. */
export function readInt64(view: DataView, at: number, littleEndian: boolean): number {
  const low = view.getUint32(littleEndian ? at : at + 4, littleEndian);
  const high = view.getInt32(littleEndian ? at + 4 : at, littleEndian);
  return high * 0x1_0000_0000 + low;
}
