const lineFeed = 10;
const carriageReturn = 13;

/** What becomes of a line that is longer than the bound: its rest is dropped, or it is handed over in pieces. */
export type LongLine = 'drop' | 'split';

/**
 * Cuts a stream into lines that end with LF or CRLF. A line is handed over without its end, as a view valid during the call. `isCut` says that the
 * line was longer than `maxBytes`: the rest of it was dropped, or comes in the next call. `isBare` says that its end is LF alone.
 */
export class LineStream {
  readonly #maxBytes: number;
  readonly #longLine: LongLine;
  readonly #onLine: (line: Uint8Array, isCut: boolean, isBare: boolean) => void;
  #held = Buffer.alloc(0);
  #heldLength = 0;
  #isDropping = false;

  constructor(
    maxBytes: number,
    longLine: LongLine,
    onLine: (line: Uint8Array, isCut: boolean, isBare: boolean) => void,
  ) {
    this.#maxBytes = maxBytes;
    this.#longLine = longLine;
    this.#onLine = onLine;
  }

  /** Reads lines until the bytes are used up, or `isPaused` says after a line to leave the rest; the number of bytes used. */
  data(bytes: Uint8Array, isPaused?: () => boolean): number {
    let at = 0;
    while (at < bytes.length) {
      const found = bytes.indexOf(lineFeed, at);
      if (found < 0) {
        this.#hold(bytes.subarray(at));
        return bytes.length;
      }
      this.#line(bytes.subarray(at, found));
      at = found + 1;
      if (isPaused?.() === true) return at;
    }
    return at;
  }

  /** Hands over the last line when it has no end. */
  end(): void {
    if (this.#heldLength > 0) this.#deliver(this.#held.subarray(0, this.#heldLength), this.#isDropping);
  }

  #line(bytes: Uint8Array): void {
    if (this.#heldLength > 0 || this.#isDropping) {
      this.#hold(bytes);
      this.#deliver(this.#held.subarray(0, this.#heldLength), this.#isDropping);
    } else if (bytes.length > this.#maxBytes && this.#longLine === 'drop') {
      this.#deliver(bytes.subarray(0, this.#maxBytes), true);
    } else this.#deliver(bytes, false);
  }

  #deliver(line: Uint8Array, isCut: boolean): void {
    const end = !isCut && line[line.length - 1] === carriageReturn ? line.length - 1 : line.length;
    this.#heldLength = 0;
    this.#isDropping = false;
    this.#onLine(line.subarray(0, end), isCut, end === line.length);
  }

  #hold(bytes: Uint8Array): void {
    let rest = bytes;
    while (this.#longLine === 'split' && this.#heldLength + rest.length > this.#maxBytes) {
      const room = this.#maxBytes - this.#heldLength;
      this.#append(rest.subarray(0, room));
      rest = rest.subarray(room);
      this.#deliver(this.#held.subarray(0, this.#heldLength), true);
    }
    const room = this.#maxBytes - this.#heldLength;
    if (rest.length > room) this.#isDropping = true;
    this.#append(rest.subarray(0, room));
  }

  #append(bytes: Uint8Array): void {
    const needed = this.#heldLength + bytes.length;
    if (needed > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(256, needed, this.#held.length * 2));
      larger.set(this.#held.subarray(0, this.#heldLength));
      this.#held = larger;
    }
    this.#held.set(bytes, this.#heldLength);
    this.#heldLength = needed;
  }
}
