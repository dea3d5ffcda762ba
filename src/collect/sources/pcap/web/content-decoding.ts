import { brotliDecompressSync, constants, zstdDecompressSync } from 'node:zlib';
import { Inflate } from '../wire/inflate.ts';
import type { CodedRoom, OpenDecoder, OpenDecoders } from './open-decoders.ts';

type Output = (bytes: Uint8Array) => void;

export interface Decoded {
  readonly bytes: Output;
  /** The rest of the body is not decoded; `why` is the message of a problem. */
  dropped(why: string): void;
}

/** Codings of one body that are undone; more than that nobody sends but to tire whoever undoes them. */
const maxCodings = 5;
/** Of a body with several codings, what one of them gives the next, and what comes out of the last: each can make a thousand bytes of one. */
const maxChainedBytes = 64 * 1024 * 1024;

const knownCodings: ReadonlySet<string> = new Set(['gzip', 'x-gzip', 'deflate', 'br', 'zstd']);

/**
 * Undoes the codings of a body (RFC 9110, 8.4), which are named in the order in which they were applied, so that the last is undone first. Behind one
 * that is not known nothing more is undone: the bytes are handed on in that coding.
 */
export class ContentDecoder {
  readonly isIdentity: boolean;
  /** The outermost coding first. */
  readonly #codings: readonly CodingDecoder[];
  readonly #output: Output;
  #isOver = false;

  /** `coding` is the value of Content-Encoding, or several of them joined by commas. */
  constructor(coding: string | undefined, open: OpenDecoders, decoded: Decoded) {
    const names = codingsOf(coding);
    this.isIdentity = names.length === 0;
    const codings: CodingDecoder[] = [];
    let next = decoded;
    // The innermost is made first: each hands on to the one that was made before.
    for (const name of names) {
      const inner = codings[0];
      if (inner !== undefined) {
        next = { bytes: (bytes) => this.#hand(inner, bytes), dropped: (why) => decoded.dropped(why) };
      }
      codings.unshift(new CodingDecoder(name, open, names.length === 1 ? next : this.#bounded(next)));
    }
    this.#codings = codings;
    this.#output = (bytes) => decoded.bytes(bytes);
  }

  data(bytes: Uint8Array): void {
    const [outermost] = this.#codings;
    if (outermost === undefined) this.#output(bytes);
    else this.#hand(outermost, bytes);
  }

  /** Bytes are missing: what follows cannot be decompressed. */
  gap(): void {
    for (const coding of this.#codings) coding.gap();
  }

  /** Nothing more comes. */
  end(): void {
    for (const coding of this.#codings) coding.end();
  }

  #hand(inner: CodingDecoder, bytes: Uint8Array): void {
    if (!this.#isOver) inner.data(bytes);
  }

  /** Hands on so many bytes; where there are more, nothing more of the body is decoded, which is said once. */
  #bounded(next: Decoded): Decoded {
    let left = maxChainedBytes;
    const hand = (piece: Uint8Array): void => {
      if (this.#isOver) return;
      next.bytes(piece.length <= left ? piece : piece.subarray(0, left));
      left -= piece.length;
      if (left > 0) return;
      this.#isOver = true;
      next.dropped('a body with several codings is too long; its rest was not decoded');
    };
    return { bytes: hand, dropped: (why) => next.dropped(why) };
  }
}

/** Names of codings that can be undone, in the order in which they were applied. */
function codingsOf(value = ''): readonly string[] {
  const names = value
    .toLowerCase()
    .split(',', 4 * maxCodings)
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const unknown = names.findLastIndex((name) => !knownCodings.has(name));
  const undone = names.slice(unknown + 1);
  return undone.length > maxCodings ? undone.slice(-maxCodings) : undone;
}

/**
 * Undoes gzip or deflate as it comes, and Brotli and Zstandard (RFC 7932, 8878) when nothing more of it comes: as far as it came without a hole, 16 MB
 * of it at most. Bytes of what cannot be read are handed on as they are.
 */
class CodingDecoder implements OpenDecoder {
  readonly #decoded: Decoded;
  readonly #open: OpenDecoders;
  #inflate: Inflate | undefined;
  readonly #skipHeader: ((bytes: Uint8Array) => number) | undefined;
  #held = new Uint8Array(0);
  #hasBegun = false;
  #isBroken = false;
  readonly #whole: WholeBody | undefined;

  constructor(name: string, open: OpenDecoders, decoded: Decoded) {
    this.#decoded = decoded;
    this.#open = open;
    const whole = wholeCodings.get(name);
    if (whole === undefined) this.#skipHeader = name === 'deflate' ? zlibHeaderBytes : gzipHeaderBytes;
    else this.#whole = new WholeBody(whole, decoded, open.room);
  }

  data(bytes: Uint8Array): void {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#open.add(this);
    }
    if (this.#whole !== undefined) {
      this.#whole.data(bytes);
      return;
    }
    if (this.#isBroken || this.#skipHeader === undefined) return;
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
    this.#inflate = new Inflate(this.#decoded.bytes);
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
