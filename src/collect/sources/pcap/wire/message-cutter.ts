/** Length of the message that begins with these bytes: `more` when they are too few to tell, `bad` when they begin none. */
export type MessageLength = (bytes: Uint8Array) => number | 'more' | 'bad';

/**
 * Cuts a TCP stream into messages whose header tells their length. Holds one message at most; of one that is longer than `maxBytes` the
 * first so many bytes are handed over, and the rest is passed over. Messages are views, valid during the call.
 */
export class MessageCutter {
  readonly #maxBytes: number;
  readonly #lengthOf: MessageLength;
  readonly #onMessage: (message: Uint8Array) => void;
  #held = new Uint8Array(0);
  #toSkip = 0;

  constructor(maxBytes: number, lengthOf: MessageLength, onMessage: (message: Uint8Array) => void) {
    this.#maxBytes = maxBytes;
    this.#lengthOf = lengthOf;
    this.#onMessage = onMessage;
  }

  /** False when the bytes begin no message: nothing after them can be told apart. */
  data(bytes: Uint8Array): boolean {
    const skipped = Math.min(this.#toSkip, bytes.length);
    this.#toSkip -= skipped;
    let rest = this.#joined(bytes.subarray(skipped));
    while (rest.length > 0) {
      const length = this.#lengthOf(rest);
      if (length === 'bad' || (length !== 'more' && length <= 0)) return false;
      const wanted = length === 'more' ? Infinity : Math.min(length, this.#maxBytes);
      if (rest.length < wanted) {
        if (rest.length > this.#maxBytes) return false;
        this.#held = new Uint8Array(rest);
        return true;
      }
      this.#onMessage(rest.subarray(0, wanted));
      const whole = length === 'more' ? 0 : length;
      this.#toSkip = Math.max(0, whole - rest.length);
      rest = rest.subarray(Math.min(whole, rest.length));
    }
    return true;
  }

  #joined(bytes: Uint8Array): Uint8Array {
    if (this.#held.length === 0) return bytes;
    const joined = new Uint8Array(this.#held.length + bytes.length);
    joined.set(this.#held);
    joined.set(bytes, this.#held.length);
    this.#held = new Uint8Array(0);
    return joined;
  }
}
