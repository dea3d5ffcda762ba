/** How the records of a file are laid out. */
export interface Layout {
  readonly id: 'x86-64' | 'arm64' | 'lastlog';
  /** Bytes of a record. */
  readonly size: number;
  /** Offset of the time, and whether seconds and microseconds are of 64 bits each. */
  readonly time: number;
  readonly isWide: boolean;
  readonly session: number;
  readonly address: number;
  readonly line: number;
  readonly host: number;
}

/** Machines of x86-64 keep times of 32 bits for the sake of programs of 32 bits; those of ARM have no such past. */
const layouts: readonly Layout[] = [
  { id: 'x86-64', size: 384, time: 340, isWide: false, session: 336, address: 348, line: 8, host: 76 },
  { id: 'arm64', size: 400, time: 344, isWide: true, session: 336, address: 360, line: 8, host: 76 },
];
/** A time, a terminal and a host for each user id. */
export const lastlog: Layout = {
  id: 'lastlog',
  size: 292,
  time: 0,
  isWide: false,
  session: 0,
  address: 0,
  line: 4,
  host: 36,
};

/** Records that are looked at. */
const maxRecords = 100;

/** The layout that all records at the beginning of a file fit; lastlog has nothing to be told by but its name. */
export function layoutOf(name: string, head: Uint8Array): Layout | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (/(?:^|[/!])lastlog(?:\.\d+)?$/.test(name) && isLastlog(bytes)) return lastlog;
  return layouts.find((layout) => fits(bytes, layout));
}

export function layoutById(id: string | undefined): Layout | undefined {
  return [...layouts, lastlog].find((layout) => layout.id === id);
}

function fits(bytes: Buffer, layout: Layout): boolean {
  const count = Math.min(maxRecords, Math.floor(bytes.length / layout.size));
  let hasContent = false;
  for (let index = 0; index < count; index++) {
    const record = bytes.subarray(index * layout.size, (index + 1) * layout.size);
    if (!isRecord(record, layout)) return false;
    hasContent ||= record.readUInt32LE(layout.time) > 0 && record[0] !== 0;
  }
  return hasContent;
}

function isRecord(record: Buffer, layout: Layout): boolean {
  const isType = record.readUInt16LE(0) <= 9 && record.readUInt16LE(2) === 0;
  const isTime = layout.isWide ? record.readUInt32LE(layout.time + 4) <= 1 : true;
  const micros = record.readUInt32LE(layout.time + (layout.isWide ? 8 : 4));
  const isText = isPaddedText(record, 8, 32) && isPaddedText(record, 44, 32) && isPaddedText(record, 76, 256);
  return isType && isTime && micros < 1_000_000 && isText;
}

/** Bytes that print, up to the first NUL. What stands behind it may be rubbish of the memory it came from. */
function isPaddedText(bytes: Buffer, from: number, length: number): boolean {
  for (let at = from; at < from + length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) return true;
    if (byte < 32 || byte === 127) return false;
  }
  return true;
}

function isLastlog(bytes: Buffer): boolean {
  const count = Math.min(maxRecords, Math.floor(bytes.length / lastlog.size));
  for (let index = 0; index < count; index++) {
    const record = bytes.subarray(index * lastlog.size, (index + 1) * lastlog.size);
    if (!isPaddedText(record, lastlog.line, 32) || !isPaddedText(record, lastlog.host, 256)) return false;
  }
  return count > 0;
}
