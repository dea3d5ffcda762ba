const nothing = new Uint8Array(0);

/**
 * Reads big-endian numbers and slices one after another from bytes that an attacker wrote. Reading past the end never
 * throws: it gives 0 or an empty slice and sets `isCut`, so a parser checks once, after a whole structure.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  position: number;
  readonly end: number;
  isCut = false;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = Math.min(end, bytes.length);
  }

  get left(): number {
    return this.end - this.position;
  }

  u8(): number {
    if (!this.#has(1)) return 0;
    return this.bytes[this.position++] ?? 0;
  }

  u16(): number {
    if (!this.#has(2)) return 0;
    const at = this.position;
    this.position = at + 2;
    return ((this.bytes[at] ?? 0) << 8) | (this.bytes[at + 1] ?? 0);
  }

  u24(): number {
    return this.u8() * 65_536 + this.u16();
  }

  u32(): number {
    return this.u16() * 65_536 + this.u16();
  }

  u16le(): number {
    return this.u8() | (this.u8() << 8);
  }

  u32le(): number {
    return this.u16le() + this.u16le() * 65_536;
  }

  /** The next `length` bytes as a view; what is there when fewer are left. */
  take(length: number): Uint8Array {
    if (length <= 0) return nothing;
    const start = this.position;
    if (this.#has(length)) this.position = start + length;
    else this.position = this.end;
    return this.bytes.subarray(start, this.position);
  }

  skip(length: number): void {
    if (this.#has(length)) this.position += length;
    else this.position = this.end;
  }

  /** Bytes behind a length of one, two or three bytes. */
  vector(lengthBytes: 1 | 2 | 3): Uint8Array {
    if (lengthBytes === 1) return this.take(this.u8());
    return this.take(lengthBytes === 2 ? this.u16() : this.u24());
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }

  #has(length: number): boolean {
    if (length >= 0 && this.end - this.position >= length) return true;
    this.isCut = true;
    return false;
  }
}
