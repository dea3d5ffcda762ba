/** What an entry of a tape is. */
export const tapeTypes = {
  string: 1,
  /** A string with escapes in it. */
  escaped: 2,
  integer: 3,
  real: 4,
  true: 5,
  false: 6,
  null: 7,
  object: 8,
  array: 9,
} as const;

/** Members and list entries of a record: thirty in most. The tables of this many fit a processor's first cache. */
export const maxTapeEntries = 1024;

/** Columns of the entries of a tape. */
export interface TapeEntries {
  /** First and last byte of its key, without quotes, and the key's hash; of list entries nothing. */
  readonly keyStart: Int32Array;
  readonly keyEnd: Int32Array;
  readonly keyHash: Int32Array;
  /** Its value, without the quotes of a string. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly type: Uint8Array;
  /** The container that it stands in, and the entry after it and all that it holds. */
  readonly parent: Int32Array;
  readonly next: Int32Array;
  /** Values of numbers. */
  readonly numbers: Float64Array;
}

/** Of the hash of keys: see `tapeKeyHash`. */
export const keyHashFactor = 0x0100_0193;

/**
 * Hash that the tape has for a key. Keys are told apart by it alone: whoever could write a record with a key that has
 * the hash of another could as well write that other key.
 */
export function tapeKeyHash(key: string): number {
  let hash = 0;
  for (const byte of Buffer.from(key, 'utf8')) hash = (Math.imul(hash, keyHashFactor) + byte) | 0;
  return hash;
}
