import type { ProblemCode } from '../../../base/problem.ts';
import {
  blockBytes,
  emptyMember,
  isHeader,
  isZero,
  nameOfHeader,
  numberAt,
  secondsToMicros,
  textAt,
  typeOf,
  type TarMember,
} from './header.ts';
import { applyPax, parsePax, partsOf, type PaxFields } from './pax.ts';

/** Longest extended header or long name that is kept; Linux knows no path over 4 KiB, extended attributes may have 64 KiB each. */
const maxMetaBytes = 2 ** 20;

export interface TarSink {
  member(member: TarMember): void;
  /** `byte` counts from the start of the tar. */
  problem(code: ProblemCode, byte: number, message: string): void;
}

/**
 * Reads the headers of a tar that is pushed through it chunk by chunk: ustar, PAX, GNU and the old form. It keeps nothing of the
 * data and makes no object per member. A damaged header is a problem, and reading goes on at the next block that is one.
 */
export class TarReader {
  readonly #sink: TarSink;
  readonly #member = emptyMember();
  readonly #block = Buffer.alloc(blockBytes);
  #filled = 0;
  #position = 0;
  #skip = 0;
  /** How much of what is skipped is padding: some writers leave it out at the end. */
  #padding = 0;
  /** Data of a member that speaks of the next one, and what is still missing of it. */
  #meta: { readonly flag: string; readonly parts: Buffer[]; missing: number } | undefined;
  #longName: string | undefined;
  #longTarget: string | undefined;
  #pax: PaxFields | undefined;
  #sparseNumbers: number[] | undefined;
  #zeroBlocks = 0;
  #isDamaged = false;

  constructor(sink: TarSink) {
    this.#sink = sink;
  }

  /** The end mark was met: what follows is no part of the tar. */
  get isEnded(): boolean {
    return this.#zeroBlocks >= 2;
  }

  /** Bytes of data that come next and may be left out with `skip`. */
  get skippable(): number {
    return this.#filled === 0 && this.#meta === undefined ? this.#skip : 0;
  }

  skip(bytes: number): void {
    this.#skip -= bytes;
    this.#position += bytes;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.isEnded) {
      if (this.#meta !== undefined && this.#meta.missing > 0) at += this.#takeMeta(chunk, at, this.#meta);
      else if (this.#skip > 0) {
        const step = Math.min(this.#skip, chunk.length - at);
        this.skip(step);
        at += step;
      } else at += this.#takeBlock(chunk, at);
    }
  }

  /** Tells what is missing at the end. */
  end(): void {
    if (this.isEnded) return;
    const isCut = this.#filled > 0 || this.#skip > this.#padding || this.#meta !== undefined;
    if (isCut) this.#sink.problem('truncated', this.#position, 'the tar ends in the middle of a member');
  }

  #takeMeta(chunk: Buffer, at: number, meta: { readonly parts: Buffer[]; missing: number }): number {
    const part = chunk.subarray(at, at + meta.missing);
    meta.parts.push(Buffer.from(part));
    meta.missing -= part.length;
    this.#position += part.length;
    if (meta.missing === 0) this.#endMeta();
    return part.length;
  }

  #takeBlock(chunk: Buffer, at: number): number {
    const missing = blockBytes - this.#filled;
    const available = Math.min(missing, chunk.length - at);
    if (this.#filled === 0 && available === blockBytes) {
      this.#position += blockBytes;
      this.#readBlock(chunk.subarray(at, at + blockBytes));
      return blockBytes;
    }
    chunk.copy(this.#block, this.#filled, at, at + available);
    this.#filled += available;
    this.#position += available;
    if (this.#filled === blockBytes) {
      this.#filled = 0;
      this.#readBlock(this.#block);
    }
    return available;
  }

  #readBlock(block: Buffer): void {
    if (this.#sparseNumbers !== undefined) {
      this.#readSparseBlock(block, this.#sparseNumbers);
      return;
    }
    if (block[0] === 0 && isZero(block)) {
      this.#zeroBlocks++;
      return;
    }
    this.#zeroBlocks = 0;
    if (isHeader(block)) {
      this.#isDamaged = false;
      this.#readHeader(block);
      return;
    }
    if (!this.#isDamaged) {
      this.#sink.problem('bad-record', this.#position - blockBytes, 'the header of a member is damaged');
    }
    this.#isDamaged = true;
  }

  #readHeader(block: Buffer): void {
    const flag = String.fromCharCode(block[156] ?? 0);
    const size = numberAt(block, 124, 12);
    if (flag === 'L' || flag === 'K' || flag === 'x' || flag === 'X' || flag === 'g') {
      this.#beginMeta(flag, size);
      return;
    }
    const member = this.#member;
    member.name = nameOfHeader(block);
    member.mode = numberAt(block, 100, 8) & 0o7777;
    member.uid = numberAt(block, 108, 8);
    member.gid = numberAt(block, 116, 8);
    member.mtime = secondsToMicros(numberAt(block, 136, 12));
    member.target = flag === '1' || flag === '2' ? textAt(block, 157, 100) : '';
    member.size = size;
    member.storedSize = size;
    member.sparse = undefined;
    member.xattrs = undefined;
    if (this.#longName !== undefined) member.name = this.#longName;
    if (this.#longTarget !== undefined) member.target = this.#longTarget;
    if (this.#pax !== undefined) applyPax(member, this.#pax);
    member.type = typeOf(flag, member.name);
    this.#forgetMeta();
    if (flag === 'S') this.#beginSparse(block);
    else this.#endMember();
  }

  /** Old GNU form: parts in the header, and in blocks after it. */
  #beginSparse(block: Buffer): void {
    this.#member.size = numberAt(block, 483, 12);
    const numbers: number[] = [];
    readPairs(block, 386, 4, numbers);
    if (block[482] === 1) this.#sparseNumbers = numbers;
    else this.#endSparse(numbers);
  }

  #readSparseBlock(block: Buffer, numbers: number[]): void {
    // Lists that go past what is kept are read to their end all the same.
    if (numbers.length < 2 ** 18) readPairs(block, 0, 21, numbers);
    if (block[504] !== 1) this.#endSparse(numbers);
  }

  #endSparse(numbers: readonly number[]): void {
    this.#sparseNumbers = undefined;
    this.#member.sparse = partsOf(numbers) ?? [];
    this.#endMember();
  }

  #endMember(): void {
    const member = this.#member;
    if (member.type !== 'file') {
      // A size of what has no data is not followed by any (as archive/tar of Go, which all builders use, has it).
      member.size = 0;
      member.storedSize = 0;
    }
    member.offset = this.#position;
    this.#skip = padded(member.storedSize);
    this.#padding = this.#skip - member.storedSize;
    this.#sink.member(member);
  }

  #beginMeta(flag: string, size: number): void {
    if (flag === 'g' || size > maxMetaBytes) {
      if (flag !== 'g') {
        this.#sink.problem('limit-reached', this.#position, `an extended header has ${size} bytes; it was left out`);
      }
      this.#skip = padded(size);
      this.#padding = 0;
      return;
    }
    this.#meta = { flag, parts: [], missing: size };
    this.#skip = padded(size) - size;
    if (size === 0) this.#endMeta();
  }

  #endMeta(): void {
    const bytes = Buffer.concat(this.#meta?.parts ?? []);
    const flag = this.#meta?.flag;
    this.#meta = undefined;
    if (flag === 'L') this.#longName = textAt(bytes, 0, bytes.length);
    else if (flag === 'K') this.#longTarget = textAt(bytes, 0, bytes.length);
    else {
      this.#pax = parsePax(bytes);
      if (this.#pax.isDamaged) {
        this.#sink.problem('bad-record', this.#position, 'an extended header is damaged; it was read in part');
      }
    }
  }

  #forgetMeta(): void {
    this.#longName = undefined;
    this.#longTarget = undefined;
    this.#pax = undefined;
  }
}

function padded(size: number): number {
  return Math.ceil(size / blockBytes) * blockBytes;
}

function readPairs(block: Buffer, from: number, count: number, into: number[]): void {
  for (let pair = 0; pair < count; pair++) {
    const at = from + pair * 24;
    if (block[at] === 0) return;
    into.push(numberAt(block, at, 12), numberAt(block, at + 12, 12));
  }
}
