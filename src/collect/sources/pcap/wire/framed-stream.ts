/**
 * Cuts a TCP stream into messages that each begin with their length as two or four big-endian bytes. Holds one message at most;
 * one that is longer than `maxBytes` is skipped and reported by its length. After a gap nothing more can be told apart.
 */
export class FramedStream {
  readonly #prefix: 2 | 4;
  readonly #maxBytes: number;
  readonly #onMessage: (bytes: Uint8Array) => void;
  readonly #onTooLong: ((length: number) => void) | undefined;
  #held = new Uint8Array(0);
  #heldLength = 0;
  #toSkip = 0;

  constructor(
    prefix: 2 | 4,
    maxBytes: number,
    onMessage: (bytes: Uint8Array) => void,
    onTooLong?: (length: number) => void,
  ) {
    this.#prefix = prefix;
    this.#maxBytes = maxBytes;
    this.#onMessage = onMessage;
    this.#onTooLong = onTooLong;
  }

  data(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#toSkip > 0) {
        const skipped = Math.min(this.#toSkip, bytes.length - at);
        this.#toSkip -= skipped;
        at += skipped;
      } else if (this.#heldLength > 0) {
        at += this.#fill(bytes, at);
      } else {
        const whole = this.#wholeAt(bytes, at);
        if (whole === 0) at += this.#fill(bytes, at);
        else at += whole;
      }
    }
  }

  /** Hands over a message that lies whole in `bytes`, without a copy; the bytes it took, or 0. */
  #wholeAt(bytes: Uint8Array, at: number): number {
    if (bytes.length - at < this.#prefix) return 0;
    const length = lengthAt(bytes, at, this.#prefix);
    if (length > this.#maxBytes) {
      this.#onTooLong?.(length);
      this.#toSkip = length;
      return this.#prefix;
    }
    if (bytes.length - at < this.#prefix + length) return 0;
    this.#onMessage(bytes.subarray(at + this.#prefix, at + this.#prefix + length));
    return this.#prefix + length;
  }

  /** Adds to the message that is held; the bytes it took. */
  #fill(bytes: Uint8Array, at: number): number {
    const wanted = this.#heldLength < this.#prefix ? this.#prefix : this.#prefix + this.#length();
    const taken = Math.min(wanted - this.#heldLength, bytes.length - at);
    this.#reserve(this.#heldLength + taken);
    this.#held.set(bytes.subarray(at, at + taken), this.#heldLength);
    this.#heldLength += taken;
    if (this.#heldLength >= this.#prefix) this.#deliver();
    return taken;
  }

  #deliver(): void {
    const length = this.#length();
    if (length > this.#maxBytes) {
      this.#heldLength = 0;
      this.#toSkip = length;
      this.#onTooLong?.(length);
    } else if (this.#heldLength === this.#prefix + length) {
      this.#heldLength = 0;
      this.#onMessage(this.#held.subarray(this.#prefix, this.#prefix + length));
    }
  }

  #length(): number {
    return lengthAt(this.#held, 0, this.#prefix);
  }

  /** Doubles, so that a message that comes byte by byte is not copied once a byte. */
  #reserve(size: number): void {
    if (size <= this.#held.length) return;
    const larger = new Uint8Array(Math.max(size, this.#held.length * 2, 64));
    larger.set(this.#held.subarray(0, this.#heldLength));
    this.#held = larger;
  }
}

function lengthAt(bytes: Uint8Array, at: number, prefix: 2 | 4): number {
  let length = 0;
  for (let index = 0; index < prefix; index++) length = length * 256 + (bytes[at + index] ?? 0);
  return length;
}
