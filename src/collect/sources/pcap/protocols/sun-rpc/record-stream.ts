const markBytes = 4;
const lastFragment = 0x8000_0000;
/** Of a record so much is held: the heads of calls and replies, not what they carry. */
const heldBytes = 4096;
/** A fragment that says to be longer is none. */
const maxFragmentBytes = 16 * 1024 * 1024;

/** Cuts one side of a TCP connection into records, each of one or more fragments behind their lengths (RFC 5531, 11). */
export class RecordStream {
  readonly #onRecord: (head: Uint8Array) => void;
  readonly #mark = Buffer.alloc(markBytes);
  #markLength = 0;
  #left = 0;
  #isLast = false;
  #head: Buffer[] = [];
  #headLength = 0;

  constructor(onRecord: (head: Uint8Array) => void) {
    this.#onRecord = onRecord;
  }

  /** False when the bytes begin no fragment. */
  data(bytes: Uint8Array): boolean {
    let at = 0;
    while (at < bytes.length) {
      if (this.#left === 0) {
        this.#mark[this.#markLength++] = bytes[at++] ?? 0;
        if (this.#markLength === markBytes && !this.#begin()) return false;
      } else {
        const part = bytes.subarray(at, at + Math.min(this.#left, bytes.length - at));
        at += part.length;
        this.#left -= part.length;
        this.#hold(part);
      }
      if (this.#left === 0 && this.#markLength === 0 && this.#isLast) this.#end();
    }
    return true;
  }

  #begin(): boolean {
    const mark = this.#mark.readUInt32BE(0);
    this.#markLength = 0;
    this.#isLast = mark >= lastFragment;
    this.#left = mark % lastFragment;
    return this.#left > 0 && this.#left <= maxFragmentBytes;
  }

  #hold(part: Uint8Array): void {
    const held = part.subarray(0, heldBytes - this.#headLength);
    if (held.length === 0) return;
    this.#head.push(Buffer.from(held));
    this.#headLength += held.length;
  }

  #end(): void {
    this.#isLast = false;
    const head = Buffer.concat(this.#head);
    this.#head = [];
    this.#headLength = 0;
    this.#onRecord(head);
  }
}
