import { VakthundError } from '../../../../base/errors.ts';
import type { DiskFile } from '../../spool.ts';

const magic = 0xed0cdaed;
const metaFlag = 0x04;
const branchFlag = 0x01;
const leafFlag = 0x02;
const bucketFlag = 0x01;
const headerBytes = 16;
/** A tree of pages is some levels deep; a circle of pages is not followed for long. */
const maxDepth = 32;
const maxPages = 100_000;
const maxPageBytes = 2 ** 26;

/** Keys of a bucket with their values; of a bucket inside it the value is what `child` opens. */
export interface BoltEntry {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly isBucket: boolean;
}

/**
 * Reads a database of bbolt, in which containerd keeps what it knows: pages of a B+ tree, written anew and never in place, so that the
 * file of a running daemon can be read. Throws `EVIDENCE_READ` for what is none, or is damaged.
 */
export class BoltFile {
  readonly #file: DiskFile;
  readonly #pageBytes: number;
  readonly #size: number;
  readonly #root: bigint;
  #pages = 0;

  constructor(file: DiskFile) {
    this.#file = file;
    this.#size = file.whole().size;
    const metas = [0, 4096, 8192, 16_384, 65_536].map((at) => this.#metaAt(at)).filter((meta) => meta !== undefined);
    const newest = metas.reduce<Meta | undefined>(
      (best, meta) => (best === undefined || meta.transaction > best.transaction ? meta : best),
      undefined,
    );
    if (newest === undefined) throw new VakthundError('EVIDENCE_READ', 'the file is no database of bbolt');
    this.#pageBytes = newest.pageBytes;
    this.#root = newest.root;
  }

  /** What stands in the bucket at the end of a path of names; empty when there is none. */
  entries(...path: readonly string[]): readonly BoltEntry[] {
    let entries: readonly BoltEntry[] = this.#pageEntries(this.#root, 0);
    for (const name of path) {
      const wanted = Buffer.from(name);
      const found = entries.find(({ key, isBucket }) => isBucket && key.equals(wanted));
      if (found === undefined) return [];
      entries = this.child(found);
    }
    return entries;
  }

  /** What stands in a bucket that was found in another one. */
  child({ value }: BoltEntry): readonly BoltEntry[] {
    if (value.length < headerBytes) throw damaged();
    const root = value.readBigUInt64LE(0);
    // Small buckets stand whole in the place of their page.
    return root === 0n ? this.#read(value.subarray(headerBytes), 0) : this.#pageEntries(root, 0);
  }

  #metaAt(at: number): Meta | undefined {
    const page = Buffer.alloc(headerBytes + 64);
    if (this.#file.fill(page, 0, page.length, at) < page.length) return undefined;
    const pageBytes = page.readUInt32LE(headerBytes + 8);
    const isMeta = (page.readUInt16LE(8) & metaFlag) !== 0 && page.readUInt32LE(headerBytes) === magic;
    if (!isMeta || pageBytes < 512 || pageBytes > 65_536) return undefined;
    const isWhole = page.readBigUInt64LE(headerBytes + 56) === fnv64a(page.subarray(headerBytes, headerBytes + 56));
    if (!isWhole) return undefined;
    return {
      pageBytes,
      root: page.readBigUInt64LE(headerBytes + 16),
      transaction: page.readBigUInt64LE(headerBytes + 48),
    };
  }

  #pageEntries(id: bigint, depth: number): BoltEntry[] {
    const at = Number(id) * this.#pageBytes;
    const header = Buffer.alloc(headerBytes);
    if (++this.#pages > maxPages || depth > maxDepth || at >= this.#size) throw damaged();
    this.#file.fill(header, 0, headerBytes, at);
    const length = (header.readUInt32LE(12) + 1) * this.#pageBytes;
    if (length > Math.min(maxPageBytes, this.#size - at)) throw damaged();
    const page = Buffer.alloc(length);
    this.#file.fill(page, 0, length, at);
    return this.#read(page, depth);
  }

  #read(page: Buffer, depth: number): BoltEntry[] {
    if (page.length < headerBytes) throw damaged();
    const flags = page.readUInt16LE(8);
    const count = page.readUInt16LE(10);
    if (headerBytes + count * 16 > page.length) throw damaged();
    const starts = Array.from({ length: count }, (_, index) => headerBytes + index * 16);
    if ((flags & branchFlag) !== 0) {
      return starts.flatMap((at) => this.#pageEntries(page.readBigUInt64LE(at + 8), depth + 1));
    }
    if ((flags & leafFlag) === 0) throw damaged();
    return starts.map((at) => leafEntry(page, at));
  }
}

interface Meta {
  readonly pageBytes: number;
  readonly root: bigint;
  readonly transaction: bigint;
}

/** Flags, place from the element on, and lengths of key and value, four bytes each. */
function leafEntry(page: Buffer, at: number): BoltEntry {
  const start = at + page.readUInt32LE(at + 4);
  const middle = start + page.readUInt32LE(at + 8);
  const end = middle + page.readUInt32LE(at + 12);
  if (end > page.length) throw damaged();
  return {
    key: page.subarray(start, middle),
    value: page.subarray(middle, end),
    isBucket: (page.readUInt32LE(at) & bucketFlag) !== 0,
  };
}

function fnv64a(bytes: Buffer): bigint {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100_0000_01b3n);
  return hash;
}

function damaged(): VakthundError {
  return new VakthundError('EVIDENCE_READ', 'the database of bbolt is damaged');
}
