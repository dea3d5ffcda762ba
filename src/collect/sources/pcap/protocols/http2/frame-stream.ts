import { maxHeldBytes } from '../../analyzer.ts';

export const frameType = { data: 0, headers: 1, reset: 3, pushPromise: 5, continuation: 9 } as const;
export const frameFlag = { endStream: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

export interface FrameHandler {
  /** A frame that is held whole; longer ones are told with an empty payload. */
  frame(type: number, flags: number, stream: number, payload: Uint8Array): void;
  /** Content of a DATA frame as it comes; `isEnd` with the last byte of a frame that ends its stream. */
  content(stream: number, bytes: Uint8Array, isEnd: boolean): void;
}

const headerBytes = 9;
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');

/** Cuts one side of an HTTP/2 connection into frames (RFC 9113, 4). */
export class FrameStream {
  readonly #handler: FrameHandler;
  #held = Buffer.alloc(0);
  #hasBegun: boolean;
  /** A frame whose content is passed on, or over, as it comes. */
  #open: { readonly isData: boolean; readonly stream: number; readonly isEnd: boolean; left: number } | undefined;

  constructor(handler: FrameHandler, isClient: boolean) {
    this.#handler = handler;
    this.#hasBegun = !isClient;
  }

  data(bytes: Uint8Array): void {
    let rest = this.#held.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#held, bytes]);
    for (;;) {
      const used = this.#step(rest);
      if (used === 0) break;
      rest = rest.subarray(used);
    }
    this.#held = rest;
  }

  /** How many bytes one step took; 0 when more are needed. */
  #step(rest: Buffer): number {
    if (this.#open !== undefined) return this.#content(rest);
    if (!this.#hasBegun) {
      if (rest.length < preface.length) return 0;
      this.#hasBegun = true;
      if (rest.subarray(0, preface.length).equals(preface)) return preface.length;
    }
    if (rest.length < headerBytes) return 0;
    const length = rest.readUIntBE(0, 3);
    const type = rest[3] ?? 0;
    const flags = rest[4] ?? 0;
    const stream = rest.readUInt32BE(5) & 0x7fff_ffff;
    const isData = type === frameType.data && (flags & frameFlag.padded) === 0;
    if (isData || length > maxHeldBytes) {
      const isEnd = isData && (flags & frameFlag.endStream) !== 0;
      if (!isData) this.#handler.frame(type, flags, stream, rest.subarray(0, 0));
      if (isData && length === 0 && isEnd) this.#handler.content(stream, rest.subarray(0, 0), true);
      if (length > 0) this.#open = { isData, stream, isEnd, left: length };
      return headerBytes;
    }
    if (rest.length < headerBytes + length) return 0;
    this.#handler.frame(type, flags, stream, rest.subarray(headerBytes, headerBytes + length));
    return headerBytes + length;
  }

  #content(rest: Buffer): number {
    const open = this.#open;
    if (open === undefined || rest.length === 0) return 0;
    const part = rest.subarray(0, Math.min(rest.length, open.left));
    open.left -= part.length;
    if (open.left === 0) this.#open = undefined;
    if (open.isData) this.#handler.content(open.stream, part, open.isEnd && open.left === 0);
    return part.length;
  }
}
