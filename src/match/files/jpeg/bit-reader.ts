/**
 * Bits of the entropy-coded data of one scan, the highest of a byte first, without stuffed zeros (ITU T.81, F.2.2.5). At a marker or the
 * end of the bytes zeros follow; `isStarved` says that some of them were taken.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  /** The lowest `#count` bits of it are not taken yet. */
  #bits = 0;
  #count = 0;
  #padding = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get isStarved(): boolean {
    return this.#padding > this.#count;
  }

  /** The next `count` bits, 1 to 16, which stay. */
  peek(count: number): number {
    if (this.#count < count) this.#fill();
    return (this.#bits >>> (this.#count - count)) & ((1 << count) - 1);
  }

  skip(count: number): void {
    this.#count -= count;
  }

  /** 0 to 16 bits as a number without a sign. */
  take(count: number): number {
    if (count === 0) return 0;
    const value = this.peek(count);
    this.#count -= count;
    return value;
  }

  /** A value of `size` bits with its sign (F.2.2.1, EXTEND). */
  takeSigned(size: number): number {
    const value = this.take(size);
    return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /** Goes behind the next restart marker and drops what is left before it; false when another marker, or the end, comes first. */
  restart(): boolean {
    [this.#bits, this.#count, this.#padding] = [0, 0, 0];
    for (; this.#at + 1 < this.#bytes.length; this.#at++) {
      const next = this.#bytes[this.#at + 1] ?? 0;
      if (this.#bytes[this.#at] !== 0xff || next === 0 || next === 0xff) continue;
      if ((next & 0xf8) !== 0xd0) return false;
      this.#at += 2;
      return true;
    }
    return false;
  }

  #fill(): void {
    while (this.#count <= 24) {
      this.#bits = (this.#bits << 8) | this.#next();
      this.#count += 8;
    }
  }

  #next(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined || (byte === 0xff && this.#bytes[this.#at + 1] !== 0)) {
      this.#padding += 8;
      return 0;
    }
    this.#at += byte === 0xff ? 2 : 1;
    return byte;
  }
}
