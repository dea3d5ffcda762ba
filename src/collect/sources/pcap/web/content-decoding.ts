import { brotliDecompressSync, zstdDecompressSync } from 'node:zlib';
import { maxHeldBytes } from '../analyzer.ts';
import { Inflate } from '../wire/inflate.ts';
import type { OpenDecoder, OpenDecoders } from './open-decoders.ts';

type Output = (bytes: Uint8Array) => void;

export interface Decoded {
  readonly bytes: Output;
  /** The rest of the body is not decoded: too many others came since. */
  dropped(): void;
}

/**
 * Undoes the gzip or deflate coding of a body (RFC 9110, 8.4.1) as it comes, and those of Brotli and Zstandard (RFC 7932, 8878) when it is whole and no longer
 * than 64 KB; bytes of other codings, and of what cannot be read, are handed on as they are.
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
    const decompress = wholeCodings.get(name ?? '');
    if (decompress !== undefined) this.#whole = new WholeBody(decompress, output);
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
    this.#whole?.giveUp();
  }

  drop(): void {
    this.#isBroken = true;
    this.#inflate = undefined;
    this.#held = new Uint8Array(0);
    this.#whole?.giveUp();
    this.#decoded.dropped();
  }

  /** Nothing more comes. */
  end(): void {
    this.#whole?.end();
    this.#open.delete(this);
  }
}

type Decompress = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array;

/** Codings that can only be undone at once. */
const wholeCodings: ReadonlyMap<string, Decompress> = new Map<string, Decompress>([
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
]);
/** A page of 64 KB can say that it holds gigabytes. */
const maxWholeBytes = 16 * 1024 * 1024;

/** A body that is held until it ends. */
class WholeBody {
  readonly #decompress: Decompress;
  readonly #output: Output;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #isGivenUp = false;

  constructor(decompress: Decompress, output: Output) {
    this.#decompress = decompress;
    this.#output = output;
  }

  data(bytes: Uint8Array): void {
    if (!this.#isGivenUp) {
      this.#pieces.push(Uint8Array.from(bytes));
      this.#bytes += bytes.length;
      if (this.#bytes > maxHeldBytes) this.giveUp();
    } else this.#output(bytes);
  }

  end(): void {
    if (this.#isGivenUp || this.#bytes === 0) return;
    const coded = Buffer.concat(this.#pieces);
    let plain: Uint8Array;
    try {
      plain = this.#decompress(coded, { maxOutputLength: maxWholeBytes });
    } catch {
      // Cut, damaged, or a bomb.
      this.giveUp();
      return;
    }
    this.#isGivenUp = true;
    this.#pieces = [];
    this.#output(plain);
  }

  /** What is held, and what comes, is handed on as it is. */
  giveUp(): void {
    if (this.#isGivenUp) return;
    this.#isGivenUp = true;
    for (const piece of this.#pieces) this.#output(piece);
    this.#pieces = [];
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
