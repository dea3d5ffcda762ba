/** What is held of a message; of longer ones the rest is content of a file, handed on as it comes. */
const heldBytes = 8192;
const sessionHeaderBytes = 4;

export interface MessageHandler {
  /** A message, or its first 8 KB when it is longer. */
  message(bytes: Buffer, isWhole: boolean): void;
  /** More bytes of the message before. */
  more(bytes: Uint8Array): void;
  /** The bytes are no SMB. */
  broken(): void;
}

/** Cuts one side of an SMB connection into messages, each behind a type and three bytes of length (RFC 1002, 4.3; direct TCP). */
export class MessageStream {
  readonly #handler: MessageHandler;
  #held = Buffer.alloc(0);
  #left = 0;

  constructor(handler: MessageHandler) {
    this.#handler = handler;
  }

  data(bytes: Uint8Array): void {
    let rest: Uint8Array = bytes;
    while (rest.length > 0) {
      if (this.#left > 0) {
        const part = rest.subarray(0, Math.min(this.#left, rest.length));
        this.#left -= part.length;
        this.#handler.more(part);
        rest = rest.subarray(part.length);
        continue;
      }
      this.#held = Buffer.concat([this.#held, rest]);
      rest = this.#held.subarray(0, 0);
      while (this.#left === 0 && this.#message());
      if (this.#left > 0 && this.#held.length > 0) {
        rest = this.#held;
        this.#held = Buffer.alloc(0);
      }
    }
  }

  /** So many bytes are missing: true when they lie in what is passed on. */
  gap(length: number): boolean {
    if (length > this.#left) return false;
    this.#left -= length;
    return true;
  }

  /** Hands over the message at the start of what is held; false when more bytes are needed. */
  #message(): boolean {
    if (this.#held.length < sessionHeaderBytes) return false;
    const type = this.#held[0];
    const length = this.#held.readUIntBE(1, 3);
    // Other types of NetBIOS sessions set the connection up, or keep it open.
    if (type !== 0 && !(type === 0x81 || type === 0x82 || type === 0x83 || type === 0x85)) {
      this.#handler.broken();
      return false;
    }
    const kept = Math.min(length, heldBytes);
    if (this.#held.length < sessionHeaderBytes + kept) return false;
    const bytes = this.#held.subarray(sessionHeaderBytes, sessionHeaderBytes + kept);
    this.#held = this.#held.subarray(sessionHeaderBytes + kept);
    this.#left = length - kept;
    if (type === 0) this.#handler.message(bytes, this.#left === 0);
    return true;
  }
}
