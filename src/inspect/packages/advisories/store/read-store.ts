import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { messageOf, VakthundError } from '../../../../base/errors.ts';
import type { Advice } from '../advice.ts';
import type { AdvisoryBook, CveContext } from '../book.ts';
import { adviceKey } from '../ecosystems.ts';
import type { ReleaseEnd, SupportLimit } from '../format.ts';
import { contextKeys, entryBytes, keyHash, magic, trailerBytes, type StoreInfo } from './layout.ts';

/** Entries of the index that are read at once, around the place where the hash should be. */
const windowEntries = 256;
const maxBlockBytes = 256 << 20;

/** A store that is looked up where it lies: nothing but what is asked for is read. */
export class StoredBook implements AdvisoryBook {
  readonly #file: number;
  readonly #indexAt: number;
  readonly #entries: number;
  readonly info: StoreInfo;
  readonly streams: ReadonlyMap<string, number>;
  readonly has: AdvisoryBook['has'];

  /** Throws `NOT_FOUND` when there is none, `STORE_CORRUPT` when it is none or was cut. */
  constructor(path: string) {
    this.#file = openStore(path);
    try {
      const { indexAt, entries, info } = readTrailer(this.#file, path);
      [this.#indexAt, this.#entries, this.info] = [indexAt, entries, info];
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
    this.streams = new Map(Object.entries(this.info.streams));
    this.has = this.info.has;
  }

  find(stream: string, name: string): readonly Advice[] {
    return this.streams.has(stream) ? this.#lines<Advice>(adviceKey(stream, name)) : [];
  }

  context(cve: string): CveContext {
    return Object.assign({}, ...this.#lines<CveContext>(contextKeys.cve(cve))) as CveContext;
  }

  releaseEnds(product: string): readonly ReleaseEnd[] {
    return this.#lines<ReleaseEnd>(contextKeys.product(product));
  }

  supportLimits(): readonly SupportLimit[] {
    return this.#lines<SupportLimit>(contextKeys.support);
  }

  close(): void {
    closeSync(this.#file);
  }

  #lines<Value>(key: string): readonly Value[] {
    const hash = keyHash(key);
    for (let at = this.#firstOf(hash); at < this.#entries; at++) {
      const entry = read(this.#file, this.#indexAt + at * entryBytes, entryBytes);
      if (hash.compare(entry, 0, 8) !== 0) return [];
      const length = entry.readUInt32BE(14);
      if (length > maxBlockBytes) return [];
      const [first = '', ...lines] = read(this.#file, entry.readUIntBE(8, 6), length).toString().split('\n');
      if (first === JSON.stringify(key)) return lines.map((line) => JSON.parse(line) as Value);
    }
    return [];
  }

  /** Place of the first entry with this hash, or of the one after. Hashes are spread evenly, so the place is nearly known. */
  #firstOf(hash: Buffer): number {
    const guess = Math.floor((hash.readUIntBE(0, 6) / 2 ** 48) * this.#entries);
    let [low, high] = [0, this.#entries];
    const start = Math.max(0, Math.min(guess - windowEntries / 2, this.#entries - windowEntries));
    const window = read(this.#file, this.#indexAt + start * entryBytes, windowEntries * entryBytes);
    const count = Math.min(windowEntries, this.#entries - start);
    const before = (entries: Buffer, at: number): boolean =>
      hash.compare(entries, at * entryBytes, at * entryBytes + 8) > 0;
    const isInWindow = count > 0 && (start === 0 || before(window, 0));
    if (isInWindow && (start + count === this.#entries || !before(window, count - 1))) {
      let [from, to] = [0, count];
      while (from < to) {
        const middle = (from + to) >> 1;
        if (before(window, middle)) from = middle + 1;
        else to = middle;
      }
      return start + from;
    }
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (before(read(this.#file, this.#indexAt + middle * entryBytes, entryBytes), 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function openStore(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isMissing ? `there is none at ${path}` : messageOf(error);
    throw new VakthundError('NOT_FOUND', `there is no advisory store: ${why}`, {
      hint: 'build it with `vakthund feeds update`, or give files with --advisories',
      cause: error,
    });
  }
}

function readTrailer(file: number, path: string): { indexAt: number; entries: number; info: StoreInfo } {
  const { size } = fstatSync(file);
  const trailer = read(file, Math.max(0, size - trailerBytes), trailerBytes);
  const [indexAt, entries, length] = [trailer.readUIntBE(0, 6), trailer.readUInt32BE(6), trailer.readUInt32BE(10)];
  const isWhole = trailer.subarray(14).equals(magic) && indexAt + entries * entryBytes + length + trailerBytes === size;
  if (!isWhole) {
    throw new VakthundError('STORE_CORRUPT', `${path} is no advisory store, or was cut`, {
      hint: 'build it again with `vakthund feeds update`',
    });
  }
  const info = JSON.parse(read(file, indexAt + entries * entryBytes, length).toString()) as StoreInfo;
  return { indexAt, entries, info };
}

/** Bytes of the file; zeros where it ends. */
function read(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  readSync(file, bytes, 0, length, at);
  return bytes;
}
