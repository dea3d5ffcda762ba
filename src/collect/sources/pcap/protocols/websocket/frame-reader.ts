export interface FrameHandler {
  /** A frame with content or of control begins. */
  message(opcode: number): void;
  /** The next bytes of a message, without their mask. Valid during the call. */
  content(bytes: Uint8Array): void;
  /** What comes is compressed, or of an extension that is not known. */
  unreadable(): void;
}

const maxHeaderBytes = 14;
/** Bytes of the length behind a short length that stands for it. */
const lengthBytes: Readonly<Record<number, number>> = { 126: 2, 127: 8 };
/** Close, ping and pong; data of messages has smaller opcodes. */
export const firstControl = 8;
const lastOpcode = 10;
const maxControlBytes = 125;

/** Takes the frames of one side of a WebSocket apart as they come (RFC 6455, 5.2); nothing of their content is held. */
export class FrameReader {
  readonly #handler: FrameHandler;
  readonly #header = Buffer.alloc(maxHeaderBytes);
  #held = 0;
  #left = 0;
  #isControl = false;
  #maskAt = -1;
  #maskPosition = 0;

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  /** False when the bytes are no frame. */
  data(bytes: Uint8Array): boolean {
    let at = 0;
    while (at < bytes.length) {
      if (this.#left > 0) {
        const part = bytes.subarray(at, at + Math.min(this.#left, bytes.length - at));
        this.#left -= part.length;
        at += part.length;
        if (!this.#isControl) this.#handler.content(this.#unmasked(part));
      } else {
        this.#header[this.#held++] = bytes[at++] ?? 0;
        if (this.#held === this.#headerBytes() && !this.#begin()) return false;
      }
    }
    return true;
  }

  /** Length of the header, as far as it can be told from what is held of it. */
  #headerBytes(): number {
    if (this.#held < 2) return 2;
    const second = this.#header[1] ?? 0;
    return 2 + (lengthBytes[second & 0x7f] ?? 0) + ((second & 0x80) === 0 ? 0 : 4);
  }

  #begin(): boolean {
    const first = this.#header[0] ?? 0;
    const opcode = first & 0x0f;
    const short = (this.#header[1] ?? 0) & 0x7f;
    this.#isControl = opcode >= firstControl;
    const isUnknown = opcode > lastOpcode || (opcode > 2 && opcode < firstControl);
    if (isUnknown || (this.#isControl && short > maxControlBytes)) return false;
    this.#left = short;
    if (short === 126) this.#left = this.#header.readUInt16BE(2);
    if (short === 127) this.#left = Math.min(Number(this.#header.readBigUInt64BE(2)), Number.MAX_SAFE_INTEGER);
    this.#maskAt = ((this.#header[1] ?? 0) & 0x80) === 0 ? -1 : this.#held - 4;
    this.#maskPosition = 0;
    this.#held = 0;
    if ((first & 0x70) !== 0) this.#handler.unreadable();
    this.#handler.message(opcode);
    return true;
  }

  #unmasked(bytes: Uint8Array): Uint8Array {
    if (this.#maskAt < 0) return bytes;
    const plain = new Uint8Array(bytes.length);
    for (let index = 0; index < bytes.length; index++) {
      plain[index] = (bytes[index] ?? 0) ^ (this.#header[this.#maskAt + (this.#maskPosition & 3)] ?? 0);
      this.#maskPosition++;
    }
    return plain;
  }
}
