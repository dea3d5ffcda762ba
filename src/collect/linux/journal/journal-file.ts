import { closeSync, openSync, readSync } from 'node:fs';
import { readField } from './data.ts';
import { headerBytes, readHeader, type JournalHeader } from './header.ts';

const objectHeader = 16;
const objectTypes = { data: 1, entry: 3, entryList: 6 } as const;
const entryHeader = 64;
const dataHeader = 64;
const compactDataHeader = 72;
const listHeader = 24;
/** journald lets no entry have more than 1024 fields. */
const maxFields = 2048;
const maxFieldBytes = 16 * 1024 * 1024;
/** All fields of one entry. */
const maxEntryBytes = 16 * 1024 * 1024;
/** Lists double in length, so real files have some dozens. */
const maxLists = 10_000;
/** Fields are shared by many entries: most of what is asked for was asked for a moment ago. */
const cacheBytes = 8 * 1024 * 1024;

/** What stands where an entry should: the file is damaged there, or not whole yet. */
export class JournalFault extends Error {
  override readonly name = 'JournalFault';
}

/** An entry as it stands in a file. */
export interface RawEntry {
  readonly sequence: bigint;
  /** Microseconds since 1970, by the clock of the machine. */
  readonly realtime: bigint;
  /** Since the machine started. */
  readonly monotonic: bigint;
  readonly bootId: string;
  readonly hash: bigint;
  /** `NAME=` and value each. */
  readonly fields: readonly Buffer[];
  /** Fields that are damaged, too long, or packed in a way that is not read. */
  readonly missing: number;
}

/**
 * A journal file that may be written to while it is read: entries are found by the lists of their places, as journalctl does, and
 * nothing but what is asked for is read. Offsets and lengths in the file are not trusted.
 */
export class JournalFile {
  readonly #descriptor: number;
  readonly #head = Buffer.alloc(headerBytes);
  readonly #cache = new Map<number, Buffer | undefined>();
  #cached = 0;
  /** Lists of entries, with the index of the first entry of each. */
  readonly #lists: { readonly offset: number; readonly first: number; readonly length: number }[] = [];
  #header: JournalHeader;

  /** Throws where it cannot be opened, or is no journal that can be read. */
  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
    try {
      this.#header = this.refresh();
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
  }

  /** As it was when it was last refreshed. */
  get header(): JournalHeader {
    return this.#header;
  }

  /** Reads the header again: there may be more entries. */
  refresh(): JournalHeader {
    const length = readSync(this.#descriptor, this.#head, 0, headerBytes, 0);
    const header = length === headerBytes ? readHeader(this.#head) : undefined;
    if (header === undefined) throw new JournalFault('it has no whole header');
    if (header.unknownFlags !== 0) throw new JournalFault(`its features are not all known (${header.unknownFlags})`);
    this.#header = header;
    return header;
  }

  /** Place of the entry with that index; undefined when it is not there (yet). */
  placeOf(index: number): number | undefined {
    if (index >= this.#header.entries) return undefined;
    const itemBytes = this.#header.isCompact ? 4 : 8;
    const list = this.#listOf(index, itemBytes);
    if (list === undefined) return undefined;
    const item = this.#read(list.offset + listHeader + (index - list.first) * itemBytes, itemBytes);
    const place = item.length === 4 ? item.readUInt32LE(0) : Number(item.readBigUInt64LE(0));
    return place === 0 ? undefined : place;
  }

  /** Number of the entry at a place. */
  sequenceAt(place: number): bigint {
    const head = this.#read(place, objectHeader + 8);
    if (head[0] !== objectTypes.entry) throw new JournalFault(`there is no entry at byte ${place}`);
    return head.readBigUInt64LE(objectHeader);
  }

  /** Index of the first entry whose number is greater. Entries stand in the order of their numbers. */
  firstAfter(sequence: bigint): number {
    let [low, high] = [0, this.#header.entries];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const place = this.placeOf(middle);
      if (place === undefined || this.sequenceAt(place) > sequence) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  entryAt(place: number): RawEntry {
    const head = this.#read(place, objectHeader);
    const size = Number(head.readBigUInt64LE(8));
    const itemBytes = this.#header.isCompact ? 4 : 16;
    if (head[0] !== objectTypes.entry || !(size >= entryHeader && size <= entryHeader + maxFields * itemBytes)) {
      throw new JournalFault(`there is no entry at byte ${place}`);
    }
    const bytes = this.#read(place, size);
    const fields: Buffer[] = [];
    let [missing, length] = [0, 0];
    for (let at = entryHeader; at + itemBytes <= size; at += itemBytes) {
      const field = this.#fieldAt(itemBytes === 4 ? bytes.readUInt32LE(at) : Number(bytes.readBigUInt64LE(at)));
      length += field?.length ?? 0;
      if (field === undefined || length > maxEntryBytes) missing++;
      else fields.push(field);
    }
    return {
      sequence: bytes.readBigUInt64LE(16),
      realtime: bytes.readBigUInt64LE(24),
      monotonic: bytes.readBigUInt64LE(32),
      bootId: bytes.toString('hex', 40, 56),
      hash: bytes.readBigUInt64LE(56),
      fields,
      missing,
    };
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** The list that holds the entry with that index: each names the next. */
  #listOf(index: number, itemBytes: number) {
    for (;;) {
      const last = this.#lists.at(-1);
      if (last !== undefined && index < last.first + last.length) {
        return this.#lists.findLast(({ first }) => first <= index);
      }
      const offset =
        last === undefined
          ? this.#header.entryLists
          : Number(this.#read(last.offset + objectHeader, 8).readBigUInt64LE(0));
      if (offset === 0) return undefined;
      if (this.#lists.length >= maxLists || offset <= (last?.offset ?? 0)) {
        throw new JournalFault(`the lists of entries do not go on at byte ${offset}`);
      }
      const head = this.#read(offset, objectHeader);
      const length = (Number(head.readBigUInt64LE(8)) - listHeader) / itemBytes;
      if (head[0] !== objectTypes.entryList || !(Number.isSafeInteger(length) && length > 0)) {
        throw new JournalFault(`there is no list of entries at byte ${offset}`);
      }
      this.#lists.push({ offset, first: (last?.first ?? 0) + (last?.length ?? 0), length });
    }
  }

  #fieldAt(place: number): Buffer | undefined {
    if (this.#cache.has(place)) return this.#cache.get(place);
    const field = this.#readField(place);
    const bytes = (field?.length ?? 0) + 100;
    if (this.#cached + bytes > cacheBytes) {
      this.#cache.clear();
      this.#cached = 0;
    }
    this.#cached += bytes;
    this.#cache.set(place, field);
    return field;
  }

  #readField(place: number): Buffer | undefined {
    const skipped = this.#header.isCompact ? compactDataHeader : dataHeader;
    try {
      const head = this.#read(place, objectHeader);
      const size = Number(head.readBigUInt64LE(8));
      if (head[0] !== objectTypes.data || !(size > skipped && size <= maxFieldBytes)) return undefined;
      const field = readField(this.#read(place + skipped, size - skipped), head[1] ?? 0, maxFieldBytes);
      return typeof field === 'string' ? undefined : field;
    } catch (error) {
      if (error instanceof JournalFault) return undefined;
      throw error;
    }
  }

  /** So many bytes from there. The system's cache makes small reads cheap. */
  #read(at: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    if (!Number.isSafeInteger(at) || readSync(this.#descriptor, bytes, 0, length, at) !== length) {
      throw new JournalFault(`it ends before byte ${at + length}`);
    }
    return bytes;
  }
}
