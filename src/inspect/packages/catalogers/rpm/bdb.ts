import type { ByteSource } from '../../byte-source.ts';
import { maxHeaderBytes, type HeaderBlobs } from './database.ts';

const hashMagic = 0x00_06_15_61;
const pageHeaderBytes = 26;
const smallestPage = 512;
const pageTypes = { hashUnsorted: 2, overflow: 7, hash: 13 } as const;
const itemTypes = { inline: 1, offPage: 3 } as const;

/** Whether the file is a Berkeley DB hash of either byte order. */
export function isBdbHash(bytes: ByteSource): boolean {
  if (bytes.length < smallestPage) return false;
  const header = bytes.subarray(0, smallestPage);
  return header.readUInt32LE(12) === hashMagic || header.readUInt32BE(12) === hashMagic;
}

/** Pages of one file and how its numbers are written. */
class Pages {
  readonly #bytes: ByteSource;
  /** The beginning of the first page, which describes the file. */
  readonly meta: Buffer;
  readonly size: number;
  readonly count: number;
  readonly #isLittle: boolean;

  constructor(bytes: ByteSource) {
    this.#bytes = bytes;
    this.meta = bytes.subarray(0, smallestPage);
    this.#isLittle = this.meta.readUInt32LE(12) === hashMagic;
    this.size = this.uint32(this.meta, 20);
    const isSize = this.size >= smallestPage && this.size <= 65_536 && (this.size & (this.size - 1)) === 0;
    this.count = isSize ? Math.floor(bytes.length / this.size) : 0;
  }

  /** One that is whole: below `count`. */
  page(number: number): Buffer {
    return this.#bytes.subarray(number * this.size, (number + 1) * this.size);
  }

  /** Bytes of the file. */
  get length(): number {
    return this.#bytes.length;
  }

  uint16(bytes: Buffer, at: number): number {
    return this.#isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }

  uint32(bytes: Buffer, at: number): number {
    return this.#isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }
}

/** Data of `Packages` (Berkeley DB, dbinc/db_page.h): keys and data alternate on hash pages, long data stand on chains of overflow pages. */
export function* bdbBlobs(bytes: ByteSource): HeaderBlobs {
  const pages = new Pages(bytes);
  if (pages.count === 0) return 'the page size is none';
  if ((pages.meta[24] ?? 0) !== 0) return 'the database is encrypted';
  let fault = pages.uint32(pages.meta, 32) >= pages.count ? 'pages at the end are missing' : undefined;
  // A page belongs to one chain: what is read in all is bounded by the file, however chains are woven.
  const used = new Uint8Array(pages.count);
  for (let page = 1; page < pages.count; page++) {
    const content = pages.page(page);
    const type = content[25];
    if (type !== pageTypes.hash && type !== pageTypes.hashUnsorted) continue;
    for (const item of dataItems(pages, content)) {
      const blob = item.length > 0 ? readItem(pages, item, used) : undefined;
      if (blob === undefined) fault = `an entry of page ${page} is broken`;
      // Key 0 counts the packages; its data are no header.
      else if (blob.length >= 16) yield blob;
    }
  }
  return fault;
}

/** Every second item of a page; an empty one where its place is impossible. */
function* dataItems(pages: Pages, page: Buffer): Generator<Buffer> {
  const count = Math.min(pages.uint16(page, 20), Math.floor((pages.size - pageHeaderBytes) / 2));
  for (let index = 1; index < count; index += 2) {
    const offset = pages.uint16(page, pageHeaderBytes + index * 2);
    // Items are laid from the end of the page downwards.
    const end = pages.uint16(page, pageHeaderBytes + (index - 1) * 2);
    const isPossible = offset >= pageHeaderBytes && offset < end && end <= pages.size;
    yield isPossible ? page.subarray(offset, end) : Buffer.alloc(0);
  }
}

function readItem(pages: Pages, item: Buffer, used: Uint8Array): Buffer | undefined {
  if (item[0] === itemTypes.inline) return item.subarray(1);
  if (item[0] !== itemTypes.offPage || item.length < 12) return undefined;
  return readChain(pages, pages.uint32(item, 4), pages.uint32(item, 8), used);
}

function readChain(pages: Pages, first: number, length: number, used: Uint8Array): Buffer | undefined {
  if (length > Math.min(maxHeaderBytes, pages.length)) return undefined;
  const parts: Buffer[] = [];
  let left = length;
  for (let page = first; left > 0;) {
    if (page === 0 || page >= pages.count || used[page] === 1) return undefined;
    const content = pages.page(page);
    if (content[25] !== pageTypes.overflow) return undefined;
    used[page] = 1;
    const bytes = Math.min(pages.uint16(content, 22), pages.size - pageHeaderBytes, left);
    if (bytes === 0) return undefined;
    parts.push(content.subarray(pageHeaderBytes, pageHeaderBytes + bytes));
    left -= bytes;
    page = pages.uint32(content, 16);
  }
  return Buffer.concat(parts);
}
