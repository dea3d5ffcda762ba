import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { adviceOf } from '../advice.ts';
import { adviceKey } from '../ecosystems.ts';
import type { KnownEntry } from '../read-feeds.ts';
import { contextKeys, entryBytes, keyHash, magic, trailerBytes, type StoreInfo } from './layout.ts';

/** Lines that are kept in memory before they go to their bucket. */
const bufferedBytes = 16 << 20;
const bucketCount = 256;
const keptKeys = 20_000;
/** Each line of a bucket begins with the hash of its key. */
const hashDigits = 16;

interface Key {
  readonly bucket: number;
  /** What its lines begin with. */
  readonly head: string;
}

/**
 * Builds a store in bounded memory: entries go to 256 files by the first byte of their key's hash, then each is sorted and appended. The
 * finished file replaces the one before in one step; until then that one stays.
 */
export class StoreWriter {
  readonly #folder: string;
  readonly #path: string;
  readonly #buckets: string[][] = Array.from({ length: bucketCount }, () => []);
  #buffered = 0;
  /** The keys of late: many advisories are about one package. */
  readonly #keys = new Map<string, Key>();
  readonly streams = new Map<string, number>();
  readonly has = { exploited: false, epss: false, releaseEnds: false };

  constructor(path: string) {
    this.#path = path;
    this.#folder = `${path}.${randomUUID()}.building`;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  add(entry: KnownEntry, origin: string): void {
    switch (entry.kind) {
      case 'advisory':
        for (const { stream, name, advice } of adviceOf(entry.record, origin)) {
          this.streams.set(stream, (this.streams.get(stream) ?? 0) + 1);
          this.#put(adviceKey(stream, name), advice);
        }
        break;
      case 'exploited':
        this.has.exploited = true;
        this.#put(contextKeys.cve(entry.cve), { exploitedSince: entry.since });
        break;
      case 'epss':
        this.has.epss = true;
        this.#put(contextKeys.cve(entry.cve), { epss: entry.score });
        break;
      case 'release-end': {
        this.has.releaseEnds = true;
        const { kind: _kind, ...end } = entry;
        this.#put(contextKeys.product(end.product), end);
        break;
      }
      case 'support': {
        const { kind: _kind, ...limit } = entry;
        this.#put(contextKeys.support, limit);
        break;
      }
    }
  }

  #put(key: string, value: object): void {
    const { bucket, head } = this.#keyOf(key);
    const line = `${head}${JSON.stringify(value)}\n`;
    this.#buckets[bucket]?.push(line);
    this.#buffered += line.length;
    if (this.#buffered > bufferedBytes) this.#flush();
  }

  #keyOf(key: string): Key {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const hash = keyHash(key);
    const made = { bucket: hash[0] ?? 0, head: `${hash.toString('hex')}${JSON.stringify(key)}\t` };
    if (this.#keys.size >= keptKeys) this.#keys.clear();
    this.#keys.set(key, made);
    return made;
  }

  #flush(): void {
    for (const [index, lines] of this.#buckets.entries()) {
      if (lines.length === 0) continue;
      const file = openSync(this.#bucketPath(index), 'a', 0o600);
      writeSync(file, lines.join(''));
      closeSync(file);
      lines.length = 0;
    }
    this.#buffered = 0;
  }

  #bucketPath(index: number): string {
    return join(this.#folder, String(index));
  }

  /** Writes the store and puts it in the place of the one before. */
  finish(info: Pick<StoreInfo, 'builtAt' | 'sources' | 'problems'>): StoreInfo {
    const whole: StoreInfo = { ...info, streams: Object.fromEntries(this.streams), has: this.has };
    this.#flush();
    const target = join(this.#folder, 'store');
    const file = openSync(target, 'w', 0o600);
    try {
      this.#write(file, whole);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(target, this.#path);
    this.discard();
    return whole;
  }

  #write(file: number, info: StoreInfo): void {
    let offset = writeSync(file, magic);
    const index: Buffer[] = [];
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      for (const { hash, block } of sortedBlocks(this.#bucketPath(bucket))) {
        const entry = Buffer.alloc(entryBytes);
        hash.copy(entry);
        entry.writeUIntBE(offset, 8, 6);
        entry.writeUInt32BE(block.length, 14);
        index.push(entry);
        offset += writeSync(file, block);
      }
    }
    for (let start = 0; start < index.length; start += 4096) {
      writeSync(file, Buffer.concat(index.slice(start, start + 4096)));
    }
    const description = Buffer.from(JSON.stringify(info));
    const trailer = Buffer.alloc(trailerBytes);
    trailer.writeUIntBE(offset, 0, 6);
    trailer.writeUInt32BE(index.length, 6);
    trailer.writeUInt32BE(description.length, 10);
    magic.copy(trailer, 14);
    writeSync(file, description);
    writeSync(file, trailer);
  }

  /** Takes back what was begun; harmless after `finish`. */
  discard(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Blocks of a bucket in the order of their hashes. Lines that stand in it twice are kept once. */
function sortedBlocks(path: string): { hash: Buffer; block: Buffer }[] {
  const lines = new Map<string, Set<string>>();
  for (const line of readLines(path)) {
    const tab = line.indexOf('\t');
    const key = line.slice(0, tab);
    let values = lines.get(key);
    if (values === undefined) lines.set(key, (values = new Set<string>()));
    values.add(line.slice(tab + 1));
  }
  return [...lines]
    .map(([key, values]) => ({
      hash: Buffer.from(key.slice(0, hashDigits), 'hex'),
      block: Buffer.from(`${key.slice(hashDigits)}\n${[...values].join('\n')}`),
    }))
    .sort((a, b) => Buffer.compare(a.hash, b.hash));
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch {
    // No key fell into this bucket.
    return [];
  }
}
