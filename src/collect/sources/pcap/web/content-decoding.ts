import { brotliDecompressSync, constants, zstdDecompressSync } from 'node:zlib';
import { Inflate } from '../wire/inflate.ts';
import type { CodedRoom, OpenDecoder, OpenDecoders } from './open-decoders.ts';

type Output = (bytes: Uint8Array) => void;

export interface Decoded {
  readonly bytes: Output;
  /** The rest of the body is not decoded; `why` is the message of a problem. */
  dropped(why: string): void;
}

/**
 * Undoes the gzip or deflate coding of a body (RFC 9110, 8.4.1) as it comes, and those of Brotli and Zstandard (RFC 7932, 8878) when nothing more of it comes:
 * as far as it came without a hole, 16 MB of it at most. Bytes of other codings, and of what cannot be read, are handed on as they are.
 */
export class ContentDecoder implements OpenDecoder {
  readonly isIdentity: boolean;
  readonly #output: Output;
  readonly #decoded: Decoded;
  readonly #open: OpenDecoders;
  #inflate: Inflate | undefined;
  readonly #skipHeader: ((bytes: Uint8Array) => number) | undefined;
  #held = new Uint8Array(0);
  #hasBegun = false;
  #isBroken = false;
  #whole: WholeBody | undefined;

  constructor(coding: string | undefined, open: OpenDecoders, decoded: Decoded) {
    const output = decoded.bytes;
    this.#output = output;
    this.#decoded = decoded;
    this.#open = open;
    const name = coding?.split(',', 1)[0]?.trim().toLowerCase();
    const whole = wholeCodings.get(name ?? '');
    if (whole !== undefined) this.#whole = new WholeBody(whole, decoded, open.room);
    if (name === 'gzip' || name === 'x-gzip') this.#skipHeader = gzipHeaderBytes;
    else if (name === 'deflate') this.#skipHeader = zlibHeaderBytes;
    this.isIdentity = this.#whole === undefined && this.#skipHeader === undefined;
  }

  data(bytes: Uint8Array): void {
    if (!this.#hasBegun && !this.isIdentity) {
      this.#hasBegun = true;
      this.#open.add(this);
    }
    if (this.#whole !== undefined) {
      this.#whole.data(bytes);
      return;
    }
    if (this.#skipHeader === undefined) {
      this.#output(bytes);
      return;
    }
    if (this.#isBroken) return;
    if (this.#inflate !== undefined) {
      this.#inflate.data(bytes);
      return;
    }
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const header = this.#skipHeader(all);
    if (header < 0) {
      // No header within its bound is no compressed body.
      this.#isBroken = all.length > maxHeaderBytes;
      this.#held = Uint8Array.from(all);
      return;
    }
    this.#inflate = new Inflate(this.#output);
    this.#held = new Uint8Array(0);
    if (header < all.length) this.#inflate.data(all.subarray(header));
  }

  /** Bytes are missing: what follows cannot be decompressed. */
  gap(): void {
    if (this.#skipHeader !== undefined) this.#isBroken = true;
    this.#whole?.end();
  }

  drop(): void {
    this.#isBroken = true;
    this.#inflate = undefined;
    this.#held = new Uint8Array(0);
    this.#whole?.drop();
    this.#decoded.dropped('too many compressed bodies are open; the oldest were not decoded further');
  }

  /** Nothing more comes. */
  end(): void {
    this.#whole?.end();
    this.#open.delete(this);
  }
}

/** `finishFlush` is the operation that gives what is there of a body that is cut. */
type Decompress = (bytes: Uint8Array, finishFlush?: number) => Uint8Array;

interface WholeCoding {
  readonly decompress: Decompress;
  readonly flush: number;
}

/** A page of 64 KB can say that it holds gigabytes. */
const maxOutputLength = 32 * 1024 * 1024;

/** Codings that can only be undone at once. */
const wholeCodings: ReadonlyMap<string, WholeCoding> = new Map<string, WholeCoding>([
  [
    'br',
    {
      decompress: (bytes, finishFlush) => brotliDecompressSync(bytes, { maxOutputLength, finishFlush }),
      flush: constants.BROTLI_OPERATION_FLUSH,
    },
  ],
  [
    'zstd',
    {
      decompress: (bytes, finishFlush) => zstdDecompressSync(bytes, { maxOutputLength, finishFlush }),
      flush: constants.ZSTD_e_flush,
    },
  ],
]);

/** The content of a whole body, or as much as there is of one that is cut; the coded bytes where that is nothing, of damaged ones and of bombs. */
function undo(coded: Uint8Array, { decompress, flush }: WholeCoding): Uint8Array {
  try {
    return decompress(coded);
  } catch (error) {
    if (error instanceof RangeError) return coded;
  }
  try {
    const part = decompress(coded, flush);
    return part.length > 0 ? part : coded;
  } catch {
    return coded;
  }
}

/** Of one body, as it comes on the wire. */
const maxCodedBytes = 16 * 1024 * 1024;

/** A body that is held until it ends. */
class WholeBody {
  readonly #coding: WholeCoding;
  readonly #decoded: Decoded;
  readonly #room: CodedRoom;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #isOver = false;

  constructor(coding: WholeCoding, decoded: Decoded, room: CodedRoom) {
    this.#coding = coding;
    this.#decoded = decoded;
    this.#room = room;
  }

  data(bytes: Uint8Array): void {
    if (this.#isOver) return;
    if (this.#bytes + bytes.length > maxCodedBytes || bytes.length > this.#room.bytes) {
      this.end();
      this.#decoded.dropped('a body in Brotli or Zstandard is too long to be held; its rest was not decoded');
      return;
    }
    this.#pieces.push(Uint8Array.from(bytes));
    this.#bytes += bytes.length;
    this.#room.bytes -= bytes.length;
  }

  /** Hands on what is held. What comes afterwards is left out. */
  end(): void {
    const coded = this.#take();
    if (coded.length === 0) return;
    this.#decoded.bytes(undo(coded, this.#coding));
  }

  /** Frees what is held. */
  drop(): void {
    this.#take();
  }

  #take(): Uint8Array {
    const coded = Buffer.concat(this.#pieces);
    this.#room.bytes += this.#bytes;
    this.#pieces = [];
    this.#bytes = 0;
    this.#isOver = true;
    return coded;
  }
}

const maxHeaderBytes = 4096;

/** Length of a gzip header (RFC 1952, 2.3); -1 when more bytes are needed. Bytes that are no gzip are taken as DEFLATE without a header. */
function gzipHeaderBytes(bytes: Uint8Array): number {
  if (bytes.length < 10) return -1;
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return 0;
  const flags = bytes[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0) {
    if (bytes.length < at + 2) return -1;
    at += 2 + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  }
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return -1;
    at = end + 1;
  }
  if ((flags & 2) !== 0) at += 2;
  return at <= bytes.length ? at : -1;
}

/** Length of a zlib header (RFC 1950); 0 for the raw DEFLATE that some servers send under this name; -1 when more bytes are needed. */
function zlibHeaderBytes(bytes: Uint8Array): number {
  if (bytes.length < 2) return -1;
  const word = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  return ((bytes[0] ?? 0) & 15) === 8 && word % 31 === 0 ? 2 : 0;
}
