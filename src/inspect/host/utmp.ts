import type { TableContext } from './table-context.ts';

/** One record of utmp(5) as glibc lays it out on 64-bit Linux: 384 bytes. */
export interface LoginRecord {
  readonly type: number;
  readonly pid: number;
  readonly tty: string;
  readonly user: string;
  readonly host: string;
  /** Seconds since 1970. */
  readonly time: number;
}

const recordBytes = 384;
/** Records of a file that are read: half a gigabyte of them. */
const maxRecords = 1_000_000;

export const loginTypes: readonly string[] = [
  'empty',
  'runlevel',
  'boot-time',
  'new-time',
  'old-time',
  'init-process',
  'login-process',
  'user-process',
  'dead-process',
  'accounting',
];

/** Records of utmp or wtmp in order. A cut last record is a problem. */
export function* readLogins(context: TableContext, path: string): Generator<LoginRecord> {
  const bytes = context.tree.read(path, recordBytes * maxRecords) ?? Buffer.alloc(0);
  const count = Math.floor(bytes.length / recordBytes);
  for (let index = 0; index < count; index++) {
    const record = bytes.subarray(index * recordBytes, (index + 1) * recordBytes);
    yield {
      type: record.readInt16LE(0),
      pid: record.readInt32LE(4),
      tty: textAt(record, 8, 32),
      user: textAt(record, 44, 32),
      host: textAt(record, 76, 256),
      time: record.readUInt32LE(340),
    };
  }
  if (count * recordBytes !== bytes.length) context.complain('truncated', path, 'the last record is cut');
}

function textAt(record: Buffer, start: number, length: number): string {
  const field = record.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}
