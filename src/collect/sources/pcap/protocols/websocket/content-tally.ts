/** Bytes of each side that are looked at: what is encrypted is so from its first byte. */
const maxSample = 65_536;
/** Fewer bytes say too little about how even they are. */
const leastSample = 2048;
/** Chi-square of 256 values has 255 degrees of freedom and a standard deviation of 22.6: even bytes stay below this but for one time in 30,000. */
const mostEven = 255 + 4 * Math.sqrt(2 * 255);

/** What one side of a WebSocket says, in numbers. */
export interface SideSummary {
  readonly text_messages: number;
  readonly binary_messages: number;
  readonly bytes: number;
  /** Shannon entropy of binary messages in bits per byte; undefined where there are too few bytes. */
  readonly entropy: number | undefined;
  /** Binary messages whose bytes are all equally frequent, as those of encryption are and hardly anything else. */
  readonly is_even: boolean;
}

/** Counts what the messages of one side are made of. Holds no content. */
export class ContentTally {
  readonly #counts = new Uint32Array(256);
  #sampled = 0;
  #texts = 0;
  #binaries = 0;
  #bytes = 0;
  #isBinary = false;

  /** A frame with content begins; one that continues a message is of its type (RFC 6455, 5.4). */
  message(opcode: number): void {
    if (opcode === 0) return;
    this.#isBinary = opcode === 2;
    if (this.#isBinary) this.#binaries++;
    else this.#texts++;
  }

  content(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (!this.#isBinary || this.#sampled >= maxSample) return;
    const taken = Math.min(bytes.length, maxSample - this.#sampled);
    for (let at = 0; at < taken; at++) {
      const byte = bytes[at] ?? 0;
      this.#counts[byte] = (this.#counts[byte] ?? 0) + 1;
    }
    this.#sampled += taken;
  }

  get messages(): number {
    return this.#texts + this.#binaries;
  }

  summary(): SideSummary {
    const isTold = this.#sampled >= leastSample;
    return {
      text_messages: this.#texts,
      binary_messages: this.#binaries,
      bytes: this.#bytes,
      entropy: isTold ? Math.round(this.#entropy() * 1000) / 1000 : undefined,
      is_even: isTold && this.#chiSquare() <= mostEven,
    };
  }

  #entropy(): number {
    let sum = 0;
    for (const count of this.#counts) if (count > 0) sum -= (count / this.#sampled) * Math.log2(count / this.#sampled);
    return sum;
  }

  #chiSquare(): number {
    const expected = this.#sampled / 256;
    let sum = 0;
    for (const count of this.#counts) sum += (count - expected) ** 2 / expected;
    return sum;
  }
}
