/** What is held of a message; of longer ones the rest is content of a file, handed on as it comes. */
const heldBytes = 8192;
const sessionHeaderBytes = 4;

/** What stands before the letters `SMB` of a message: type, length, and a byte that tells the version (MS-SMB2, 2.2.1, 2.2.41; MS-CIFS, 2.2.3.1). */
const beginBytes = sessionHeaderBytes + 1;
const versionBytes: ReadonlySet<number> = new Set([0xff, 0xfe, 0xfd, 0xfc]);
const shortestMessageBytes = 32;

function isBeginAt(bytes: Buffer, letters: number): boolean {
  const start = letters - beginBytes;
  if (start < 0 || bytes[start] !== 0) return false;
  return versionBytes.has(bytes[letters - 1] ?? 0) && bytes.readUIntBE(start + 1, 3) >= shortestMessageBytes;
}

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
  /** Bytes between messages were missing: where the next one begins has to be found. */
  #isLost = false;

  constructor(handler: MessageHandler) {
    this.#handler = handler;
  }

  data(bytes: Uint8Array): void {
    let rest: Uint8Array = this.#isLost ? this.#fromNextMessage(bytes) : bytes;
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

  /** So many bytes are missing: how many of them lie in what is passed on. Where there are more, reading goes on with the next message that is found. */
  gap(length: number): number {
    const passedOn = Math.min(length, this.#left);
    this.#left -= passedOn;
    if (passedOn < length) {
      this.#isLost = true;
      this.#held = Buffer.alloc(0);
    }
    return passedOn;
  }

  /** The bytes from the first begin of a message on; while there is none, none, and the last few are held for what follows. */
  #fromNextMessage(bytes: Uint8Array): Uint8Array {
    const whole = Buffer.concat([this.#held, bytes]);
    this.#held = Buffer.alloc(0);
    let at = whole.indexOf('SMB');
    while (at >= 0 && !isBeginAt(whole, at)) at = whole.indexOf('SMB', at + 1);
    if (at >= 0) {
      this.#isLost = false;
      return whole.subarray(at - beginBytes);
    }
    this.#held = Buffer.from(whole.subarray(-(beginBytes + 2)));
    return whole.subarray(0, 0);
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
