import { maxHeaderBytes, type HeaderBlobs } from './database.ts';

const hashMagic = 0x00_06_15_61;
const pageHeaderBytes = 26;
const pageTypes = { hashUnsorted: 2, overflow: 7, hash: 13 } as const;
const itemTypes = { inline: 1, offPage: 3 } as const;

/** Whether the file is a Berkeley DB hash of either byte order. */
export function isBdbHash(bytes: Buffer): boolean {
  return bytes.length >= 512 && (bytes.readUInt32LE(12) === hashMagic || bytes.readUInt32BE(12) === hashMagic);
}

/** Pages of one file and how its numbers are written. */
class Pages {
  readonly bytes: Buffer;
  readonly size: number;
  readonly count: number;
  readonly #isLittle: boolean;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#isLittle = bytes.readUInt32LE(12) === hashMagic;
    this.size = this.uint32(20);
    const isSize = this.size >= 512 && this.size <= 65_536 && (this.size & (this.size - 1)) === 0;
    this.count = isSize ? Math.floor(bytes.length / this.size) : 0;
  }

  uint16(at: number): number {
    return this.#isLittle ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  uint32(at: number): number {
    return this.#isLittle ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }
}

/** Data of `Packages` (Berkeley DB, dbinc/db_page.h): keys and data alternate on hash pages, long data stand on chains of overflow pages. */
export function* bdbBlobs(bytes: Buffer): HeaderBlobs {
  const pages = new Pages(bytes);
  if (pages.count === 0) return 'the page size is none';
  if ((bytes[24] ?? 0) !== 0) return 'the database is encrypted';
  let fault = pages.uint32(32) >= pages.count ? 'pages at the end are missing' : undefined;
  // A page belongs to one chain: what is read in all is bounded by the file, however chains are woven.
  const used = new Uint8Array(pages.count);
  for (let page = 1; page < pages.count; page++) {
    const start = page * pages.size;
    const type = bytes[start + 25];
    if (type !== pageTypes.hash && type !== pageTypes.hashUnsorted) continue;
    for (const item of dataItems(pages, start)) {
      const blob = item.length > 0 ? readItem(pages, item, used) : undefined;
      if (blob === undefined) fault = `an entry of page ${page} is broken`;
      // Key 0 counts the packages; its data are no header.
      else if (blob.length >= 16) yield blob;
    }
  }
  return fault;
}

/** Every second item of a page; an empty one where its place is impossible. */
function* dataItems(pages: Pages, start: number): Generator<Buffer> {
  const count = Math.min(pages.uint16(start + 20), Math.floor((pages.size - pageHeaderBytes) / 2));
  for (let index = 1; index < count; index += 2) {
    const offset = pages.uint16(start + pageHeaderBytes + index * 2);
    // Items are laid from the end of the page downwards.
    const end = pages.uint16(start + pageHeaderBytes + (index - 1) * 2);
    const isPossible = offset >= pageHeaderBytes && offset < end && end <= pages.size;
    yield isPossible ? pages.bytes.subarray(start + offset, start + end) : Buffer.alloc(0);
  }
}

function readItem(pages: Pages, item: Buffer, used: Uint8Array): Buffer | undefined {
  if (item[0] === itemTypes.inline) return item.subarray(1);
  if (item[0] !== itemTypes.offPage || item.length < 12) return undefined;
  const at = item.byteOffset - pages.bytes.byteOffset;
  return readChain(pages, pages.uint32(at + 4), pages.uint32(at + 8), used);
}

function readChain(pages: Pages, first: number, length: number, used: Uint8Array): Buffer | undefined {
  if (length > Math.min(maxHeaderBytes, pages.bytes.length)) return undefined;
  const parts: Buffer[] = [];
  let left = length;
  for (let page = first; left > 0;) {
    const start = page * pages.size;
    if (page === 0 || page >= pages.count || used[page] === 1 || pages.bytes[start + 25] !== pageTypes.overflow) {
      return undefined;
    }
    used[page] = 1;
    const bytes = Math.min(pages.uint16(start + 22), pages.size - pageHeaderBytes, left);
    if (bytes === 0) return undefined;
    parts.push(pages.bytes.subarray(start + pageHeaderBytes, start + pageHeaderBytes + bytes));
    left -= bytes;
    page = pages.uint32(start + 16);
  }
  return Buffer.concat(parts);
}
