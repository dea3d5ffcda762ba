import type { ProblemList } from '../../../../base/problem.ts';

/** Block types. Those before version 1.0 are read as their later numbers. */
export const blockType = {
  section: 0x0a0d0d0a,
  machine: 0x201,
  descriptors: 0x203,
  event: 0x204,
  interfaces: 0x205,
  users: 0x206,
  flaggedEvent: 0x208,
  event2: 0x216,
  flaggedEvent2: 0x217,
  descriptors2: 0x218,
  interfaces2: 0x219,
  users2: 0x220,
  largeEvent2: 0x221,
  flaggedLargeEvent2: 0x222,
} as const;

/** Old numbers 0x8000ABCD, 0x8001ABCD … stand for these, in order; an empty place was never used. */
const oldTypes = [0x201, 0x202, 0x203, 0x204, 0x205, 0x206, 0x207, 0x208, 0x209];
const processTypes = [0x202, 0x207, 0x209, 0x210, 0x211, 0x212, 0x213, 0x214, 0x215];

/** Version of a process list, 1 to 9; 0 for any other block. */
export function processListVersion(type: number): number {
  return processTypes.indexOf(type) + 1;
}

/** A block holds at most the state of a whole machine; more is an attack on memory. */
const maxBlockBytes = 64 * 1024 * 1024;
const headBytes = 8;
const trailBytes = 4;
const littleMagic = 0x1a2b3c4d;

/**
 * Cuts a capture, fed in chunks of any size, into its blocks. After `next()` the block's body lies in `bytes` from `start`
 * to `bodyEnd`. What is no block is skipped byte by byte to the next place that looks like one, and reported.
 */
export class BlockReader {
  bytes: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  littleEndian = true;
  type = 0;
  start = 0;
  bodyEnd = 0;
  /** Number of the block in the capture, from 1. */
  number = 0;
  readonly #problems: ProblemList;
  /** Offset in the content of `bytes[0]`. */
  #base: number;
  /** Where the next block begins in `bytes`. */
  #at = 0;
  #lostFrom = -1;
  #skip = 0;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Bytes without which the next block is not whole. */
  #missing = headBytes;
  #hasEnded = false;

  constructor(problems: ProblemList, startByte = 0) {
    this.#problems = problems;
    this.#base = startByte;
  }

  /** Offset in the content up to which blocks were handed over. */
  get position(): number {
    return this.#base + this.#at;
  }

  /** Takes the next bytes. They are put together only when they complete a block, so a long one is not copied often. */
  feed(chunk: Uint8Array): void {
    this.#pending.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes >= this.#missing) this.#merge();
  }

  /** Says that no more bytes come: a block that is not whole is looked through for others. */
  end(): void {
    this.#hasEnded = true;
    this.#merge();
  }

  #merge(): void {
    const rest = this.bytes.subarray(this.#at);
    const [only] = this.#pending;
    this.#base += this.#at;
    this.bytes =
      rest.length === 0 && this.#pending.length === 1 && only !== undefined
        ? only
        : Buffer.concat([rest, ...this.#pending]);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#at = 0;
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  /** Goes to the next whole block; false when more bytes are needed. */
  next(): boolean {
    for (;;) {
      if (this.#skip > 0 && !this.#skipLong()) return this.#want(this.#skip);
      const rest = this.bytes.length - this.#at;
      if (rest < headBytes) return this.#want(headBytes - rest);
      if (this.#isSection(this.#at)) {
        if (rest < headBytes + 4) return this.#want(headBytes + 4 - rest);
        this.#readOrder(this.#at + headBytes);
      }
      const length = this.#lengthAt(this.#at);
      if (length > maxBlockBytes && this.#lostFrom < 0 && this.#isKnown(this.#at)) {
        this.#tooLong(length);
        continue;
      }
      if (!this.#isPlausible(length)) {
        this.#lose();
        continue;
      }
      if (rest < length) {
        if (!this.#hasEnded) return this.#want(length - rest);
        this.#lose();
        continue;
      }
      if (this.view.getUint32(this.#at + length - trailBytes, this.littleEndian) !== length) {
        this.#lose();
        continue;
      }
      this.#take(length);
      return true;
    }
  }

  #take(length: number): void {
    this.#tellLost();
    this.type = currentType(this.view.getUint32(this.#at, this.littleEndian));
    this.start = this.#at + headBytes;
    this.bodyEnd = this.#at + length - trailBytes;
    this.#at += length;
    this.number++;
  }

  #want(bytes: number): false {
    this.#missing = bytes;
    return false;
  }

  /** Unknown types are allowed where a block is expected, not where one is searched for. */
  #isPlausible(length: number): boolean {
    return (
      length >= headBytes + trailBytes && length <= maxBlockBytes && (this.#lostFrom < 0 || this.#isKnown(this.#at))
    );
  }

  /** Call after the last `next()`: reports what is left over. */
  finish(): void {
    const from = this.#lostFrom < 0 ? this.position : this.#lostFrom;
    const left = this.#base + this.bytes.length - from;
    if (left === 0 && this.#skip === 0) return;
    const message = `the capture ends inside block ${this.number + 1}, of which ${left} bytes are there`;
    this.#problems.add({ code: 'truncated', at: { byte: from }, message });
  }

  #lengthAt(at: number): number {
    return this.view.getUint32(at + 4, this.littleEndian);
  }

  #isSection(at: number): boolean {
    return this.view.getUint32(at, true) === blockType.section;
  }

  /** The magic of a section header tells the byte order of all that follows. */
  #readOrder(at: number): void {
    if (this.view.getUint32(at, true) === littleMagic) this.littleEndian = true;
    else if (this.view.getUint32(at, false) === littleMagic) this.littleEndian = false;
  }

  #isKnown(at: number): boolean {
    const type = currentType(this.view.getUint32(at, this.littleEndian));
    return type === blockType.section || (type >= 0x201 && type <= 0x222);
  }

  #lose(): void {
    if (this.#lostFrom < 0) this.#lostFrom = this.position;
    this.#at++;
  }

  #tellLost(): void {
    if (this.#lostFrom < 0) return;
    const bytes = this.position - this.#lostFrom;
    const message = `${bytes} bytes after block ${this.number} are no block and were skipped`;
    this.#problems.add({ code: 'bad-record', at: { byte: this.#lostFrom }, message });
    this.#lostFrom = -1;
  }

  #tooLong(length: number): void {
    const message = `block ${this.number + 1} says that it has ${length} bytes; it was skipped`;
    this.#problems.add({ code: 'record-too-long', at: { byte: this.position }, message });
    this.number++;
    this.#skip = length;
  }

  #skipLong(): boolean {
    const step = Math.min(this.#skip, this.bytes.length - this.#at);
    this.#skip -= step;
    this.#at += step;
    return this.#skip === 0;
  }
}

function currentType(type: number): number {
  if ((type & 0xff00_ffff) >>> 0 !== 0x8000_abcd) return type;
  return oldTypes[(type >>> 16) & 0xff] ?? type;
}
