/** What happened, as bits of `mask` (`linux/fanotify.h`). */
export const happened = {
  access: 0x1,
  modify: 0x2,
  attribute: 0x4,
  closeWrite: 0x8,
  open: 0x20,
  create: 0x100,
  delete: 0x200,
  overflow: 0x4000,
  rename: 0x1000_0000,
  onFolder: 0x4000_0000,
} as const;

/** A file by its handle (open_by_handle_at(2)) in its file system, with the name in that folder where one is told. */
export interface FileRecord {
  readonly type: 'file' | 'folder' | 'from' | 'to';
  /** `f_fsid` of statfs(2), hexadecimal. */
  readonly fileSystem: string;
  /** `struct file_handle`. Valid as long as the buffer is. */
  readonly handle: Buffer;
  /** Empty when none is told; `.` for the folder itself. */
  readonly name: string;
}

export interface FanotifyEvent {
  readonly mask: number;
  /** 0 when it is a process of another namespace. */
  readonly pid: number;
  readonly records: readonly FileRecord[];
}

const metadataBytes = 24;
const version = 3;
const recordHeaderBytes = 4;
const fileSystemBytes = 8;
const handleHeaderBytes = 8;
/** `MAX_HANDLE_SZ`. */
const maxHandleBytes = 128;
const types: Readonly<Record<number, FileRecord['type']>> = {
  1: 'file',
  2: 'folder',
  3: 'folder',
  10: 'from',
  12: 'to',
};

/** The events in what was read of a group: `struct fanotify_event_metadata` and the records behind each. Ends where something makes no sense. */
export function* readFanotifyEvents(bytes: Buffer): Generator<FanotifyEvent> {
  for (let at = 0; at + metadataBytes <= bytes.length;) {
    const length = bytes.readUInt32LE(at);
    if (length < metadataBytes || at + length > bytes.length || bytes[at + 4] !== version) return;
    const recordsAt = at + Math.max(bytes.readUInt16LE(at + 6), metadataBytes);
    yield {
      // The bits that are asked for lie in the lower half.
      mask: bytes.readUInt32LE(at + 8),
      pid: bytes.readInt32LE(at + 20),
      records: [...readRecords(bytes.subarray(recordsAt, at + length))],
    };
    at += length;
  }
}

function* readRecords(bytes: Buffer): Generator<FileRecord> {
  const leastBytes = recordHeaderBytes + fileSystemBytes + handleHeaderBytes;
  for (let at = 0; at + leastBytes <= bytes.length;) {
    const length = bytes.readUInt16LE(at + 2);
    if (length < leastBytes || at + length > bytes.length) return;
    const type = types[bytes[at] ?? 0];
    const handleAt = at + recordHeaderBytes + fileSystemBytes;
    const nameAt = handleAt + handleHeaderBytes + bytes.readUInt32LE(handleAt);
    if (type !== undefined && nameAt <= at + length && nameAt - handleAt <= maxHandleBytes + handleHeaderBytes) {
      const end = bytes.indexOf(0, nameAt);
      yield {
        type,
        fileSystem: bytes.toString('hex', at + recordHeaderBytes, handleAt),
        handle: bytes.subarray(handleAt, nameAt),
        name: bytes.toString('utf8', nameAt, end < 0 || end > at + length ? at + length : end),
      };
    }
    at += length;
  }
}
