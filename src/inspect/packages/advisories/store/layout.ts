import { hash } from 'node:crypto';

/**
 * One file that never changes: blocks, an index sorted by the hash of their keys, a description as JSON, and a trailer that says where each
 * begins. A block is its key and then lines of JSON. Looked up with one or two reads, whatever its size.
 */
export const magic = Buffer.from('VKADV001');

/** An entry of the index: hash of the key (8 bytes), offset (6), length (4); big-endian, so that bytes sort as numbers do. */
export const entryBytes = 18;
/** Offset of the index (6), its entries (4), bytes of the description (4), magic (8). */
export const trailerBytes = 22;

/** First eight bytes of the SHA-1 of a key: they need to be spread, not secret. */
export function keyHash(key: string): Buffer {
  return hash('sha1', key, 'buffer').subarray(0, 8);
}

/** What is filed besides advice, each under a key of its own. */
export const contextKeys = {
  cve: (cve: string): string => `\0cve\0${cve}`,
  product: (product: string): string => `\0product\0${product}`,
  support: '\0support',
} as const;

/** One file or address that the store was built from. */
export interface StoreSource {
  /** Address or path. */
  readonly from: string;
  readonly formats: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  /** Of the file as it came. */
  readonly sha256: string;
  readonly bytes: number;
  /** ISO 8601: when it was fetched, or last changed. */
  readonly date: string;
}

/** The description of a store. */
export interface StoreInfo {
  /** ISO 8601. */
  readonly builtAt: string;
  readonly sources: readonly StoreSource[];
  /** Pieces of advice by stream. */
  readonly streams: Readonly<Record<string, number>>;
  readonly has: { readonly exploited: boolean; readonly epss: boolean; readonly releaseEnds: boolean };
  /** Problems that were met, counted. */
  readonly problems: number;
}
