import { decodeUtf8 } from '../../../base/bytes.ts';
import type { ByteSource } from '../byte-source.ts';
import { readWal } from './wal.ts';
import { readVarint } from './varint.ts';

export type SqliteValue = string | number | bigint | Buffer | null;

const mark = 'SQLite format 3\0';
const pageTypes = { interior: 0x05, leaf: 0x0d } as const;
/** The file's own header, at the beginning of the first page. */
const headerBytes = 100;
/** A tree of 2^32 pages with two children each is no deeper. */
const maxDepth = 32;

export function isSqlite(bytes: ByteSource): boolean {
  return bytes.subarray(0, mark.length).toString('latin1') === mark;
}

/**
 * Tables of an SQLite 3 file, read only (sqlite.org/fileformat2.html): for files of other people, which no engine with SQL should open.
 * Every page is read once at most, so that a file that is woven in circles takes no longer than its size. What is broken is left out,
 * and `fault` says so.
 */
export class SqliteFile {
  /** What was met that is broken; undefined while nothing was. */
  fault: string | undefined;
  readonly #bytes: ByteSource;
  readonly #wal: ByteSource | undefined;
  readonly #pageSize: number;
  readonly #usable: number;
  /** Bytes that rows can have in all. */
  readonly #totalBytes: number;
  /** Pages that the write-ahead log has newer, and where in it. */
  readonly #newer: ReadonlyMap<number, number>;

  /** The file, with the pages of its write-ahead log; or why it cannot be read. */
  static open(bytes: ByteSource, wal?: ByteSource): SqliteFile | string {
    if (bytes.length < 512 || !isSqlite(bytes)) return 'it is no SQLite file';
    const header = bytes.subarray(0, headerBytes);
    const size = header.readUInt16BE(16);
    const reserved = header[20] ?? 0;
    const pageSize = size === 1 ? 65_536 : size;
    const isSize = pageSize >= 512 && (pageSize & (pageSize - 1)) === 0;
    if (!isSize || pageSize - reserved < 480) return 'its page size is none';
    if (header.readUInt32BE(56) > 1) return 'its texts are not in UTF-8';
    return new SqliteFile(bytes, pageSize, pageSize - reserved, wal);
  }

  private constructor(bytes: ByteSource, pageSize: number, usable: number, wal: ByteSource | undefined) {
    this.#bytes = bytes;
    this.#wal = wal;
    this.#pageSize = pageSize;
    this.#usable = usable;
    this.#newer = wal === undefined ? new Map() : readWal(wal, pageSize);
    this.#totalBytes = bytes.length + (wal?.length ?? 0);
  }

  /** Root page of a table; undefined when there is no such table. */
  rootOf(table: string): number | undefined {
    for (const [type, name, , root] of this.rows(1, 2 ** 20)) {
      if (type === 'table' && name === table) return Number(root);
    }
    return undefined;
  }

  /** Rows of the table at a root page, in the order of row ids. Rows with more than `maxRowBytes` are left out. */
  *rows(root: number, maxRowBytes: number): Generator<SqliteValue[]> {
    const used = new Set<number>();
    const stack = [{ page: root, depth: 0 }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { page, depth } = next;
      const bytes = this.#take(page, used);
      if (bytes === undefined) continue;
      const start = page === 1 ? headerBytes : 0;
      const type = bytes[start];
      const count = bytes.readUInt16BE(start + 3);
      if (type === pageTypes.interior && depth < maxDepth) {
        const children = this.#childrenOf(bytes, start, count);
        for (let index = children.length - 1; index >= 0; index--) {
          stack.push({ page: children[index] ?? 0, depth: depth + 1 });
        }
      } else if (type === pageTypes.leaf) {
        for (let index = 0; index < count && start + 10 + index * 2 <= bytes.length; index++) {
          const row = this.#row(bytes, bytes.readUInt16BE(start + 8 + index * 2), maxRowBytes, used);
          if (row !== undefined) yield row;
        }
      } else this.fault ??= `page ${page} is no page of a table`;
    }
  }

  #childrenOf(bytes: Buffer, start: number, count: number): number[] {
    const children: number[] = [];
    for (let index = 0; index < count && start + 14 + index * 2 <= bytes.length; index++) {
      const at = bytes.readUInt16BE(start + 12 + index * 2);
      if (at + 4 <= bytes.length) children.push(bytes.readUInt32BE(at));
    }
    children.push(bytes.readUInt32BE(start + 8));
    return children;
  }

  /** A page that was not read before. */
  #take(page: number, used: Set<number>): Buffer | undefined {
    const at = (page - 1) * this.#pageSize;
    const newer = this.#newer.get(page);
    const source = newer === undefined ? this.#bytes : this.#wal;
    const start = newer ?? at;
    const bytes = page < 1 || used.has(page) ? undefined : source?.subarray(start, start + this.#pageSize);
    if (bytes === undefined || bytes.length < this.#pageSize) {
      this.fault ??= `page ${page} is missing or used twice`;
      return undefined;
    }
    used.add(page);
    return bytes;
  }

  #row(page: Buffer, at: number, maxRowBytes: number, used: Set<number>): SqliteValue[] | undefined {
    const size = readVarint(page, at);
    const id = readVarint(page, size.end);
    const payload = size.value > maxRowBytes ? undefined : this.#payload(page, id.end, size.value, used);
    if (payload === undefined) {
      this.fault ??= 'a row is too long or cut';
      return undefined;
    }
    return readRecord(payload, id.value);
  }

  /** The part of a payload on its page, and the chain of overflow pages (fileformat2, 1.6). */
  #payload(page: Buffer, at: number, size: number, used: Set<number>): Buffer | undefined {
    const most = this.#usable - 35;
    if (size <= most) return at + size <= page.length ? page.subarray(at, at + size) : undefined;
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const rest = least + ((size - least) % (this.#usable - 4));
    const local = rest <= most ? rest : least;
    if (at + local + 4 > page.length || size > this.#totalBytes) return undefined;
    const parts = [page.subarray(at, at + local)];
    let left = size - local;
    for (let next = page.readUInt32BE(at + local); left > 0;) {
      const bytes = this.#take(next, used);
      if (bytes === undefined) return undefined;
      const length = Math.min(left, this.#usable - 4);
      parts.push(bytes.subarray(4, 4 + length));
      left -= length;
      next = bytes.readUInt32BE(0);
    }
    return Buffer.concat(parts);
  }
}

/** Values of a record (fileformat2, 2.1); undefined when it is cut. A null in the first column is the row's id, as for an integer key. */
function readRecord(payload: Buffer, id: number): SqliteValue[] | undefined {
  const header = readVarint(payload, 0);
  const values: SqliteValue[] = [];
  let at = header.value;
  for (let next = header.end; next < header.value;) {
    const type = readVarint(payload, next);
    next = type.end;
    const length = bytesOf(type.value);
    if (at + length > payload.length) return undefined;
    values.push(valueOf(payload.subarray(at, at + length), type.value));
    at += length;
  }
  values[0] ??= id;
  return values;
}

function bytesOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type] ?? 0;
}

function valueOf(bytes: Buffer, type: number): SqliteValue {
  if (type >= 13 && type % 2 === 1) return decodeUtf8(bytes);
  if (type >= 12) return bytes;
  if (type >= 1 && type <= 5) return bytes.readIntBE(0, bytes.length);
  if (type === 6) return bytes.readBigInt64BE(0);
  if (type === 7) return bytes.readDoubleBE(0);
  if (type === 8 || type === 9) return type - 8;
  return null;
}
