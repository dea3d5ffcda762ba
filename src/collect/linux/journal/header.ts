/** First bytes of a journal file. */
export const signature = 'LPKSHHRH';

/** Bytes up to the counters that all versions have. */
export const headerBytes = 208;
const archived = 2;
const known = { xz: 1, lz4: 2, keyedHash: 4, zstd: 8, compact: 16 } as const;

export interface JournalHeader {
  /** Where the first object stands. */
  readonly size: number;
  /** Offsets are of 32 bits. */
  readonly isCompact: boolean;
  /** Where the last object stands; 0 when none is told. */
  readonly lastObject: number;
  readonly entries: number;
  /** Id of the numbering of entries, in hexadecimal digits. Files that one journald writes share it. */
  readonly sequenceId: string;
  /** Number of the last entry, which is given before the entry can be found. */
  readonly lastSequence: bigint;
  /** Where the first list of entries stands; 0 while there is none. */
  readonly entryLists: number;
  /** Nothing is written to it any more. */
  readonly isArchived: boolean;
  /** Flags of a later version, which make objects unreadable for us. */
  readonly unknownFlags: number;
}

/** Undefined for bytes that are no header; they are at least `headerBytes` long. */
export function readHeader(bytes: Buffer): JournalHeader | undefined {
  const flags = bytes.readUInt32LE(12);
  const size = Number(bytes.readBigUInt64LE(88));
  if (bytes.toString('latin1', 0, 8) !== signature || size < headerBytes || size > 65_536 || size % 8 !== 0) {
    return undefined;
  }
  const all = Object.values(known).reduce((sum, flag) => sum | flag, 0);
  return {
    size,
    isCompact: (flags & known.compact) !== 0,
    lastObject: Number(bytes.readBigUInt64LE(136)),
    entries: Number(bytes.readBigUInt64LE(152)),
    sequenceId: bytes.toString('hex', 72, 88),
    lastSequence: bytes.readBigUInt64LE(160),
    entryLists: Number(bytes.readBigUInt64LE(176)),
    isArchived: bytes[16] === archived,
    unknownFlags: flags & ~all,
  };
}
