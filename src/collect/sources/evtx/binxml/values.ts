import { rawNumber, type Scalar } from '../../../windows/record.ts';
import { RecordDamage } from './damage.ts';
import { readAnsi, readGuid, readSid, readUtf16, realText } from './texts.ts';
import { fileTimeText, systemTimeText } from './times.ts';
import { listFlag, types } from './types.ts';

/** Reads a value of some type at a place of a chunk. */
type ReadValue = (bytes: Buffer, at: number, size: number) => Scalar;

interface ValueType {
  /** Bytes that it takes; 0 when that varies. */
  readonly size: number;
  readonly read: ReadValue;
}

const fixed = (size: number, read: (bytes: Buffer, at: number) => Scalar): ValueType => ({ size, read });
const varying = (read: ReadValue): ValueType => ({ size: 0, read });

const hex32 = (bytes: Buffer, at: number): string => `0x${bytes.readUInt32LE(at).toString(16)}`;
const hex64 = (bytes: Buffer, at: number): string => {
  const high = bytes.readUInt32LE(at + 4);
  if (high === 0) return hex32(bytes, at);
  return `0x${high.toString(16)}${bytes.readUInt32LE(at).toString(16).padStart(8, '0')}`;
};

/** Each type as evtx_dump writes it. By type number, for speed: every field of every record is looked up here. */
const byType: readonly (ValueType | undefined)[] = tableOf([
  [types.string, varying(readUtf16)],
  [types.ansiString, varying(readAnsi)],
  [types.int8, fixed(1, (bytes, at) => bytes.readInt8(at))],
  [types.uint8, fixed(1, (bytes, at) => bytes[at] ?? 0)],
  [types.int16, fixed(2, (bytes, at) => bytes.readInt16LE(at))],
  [types.uint16, fixed(2, (bytes, at) => bytes.readUInt16LE(at))],
  [types.int32, fixed(4, (bytes, at) => bytes.readInt32LE(at))],
  [types.uint32, fixed(4, (bytes, at) => bytes.readUInt32LE(at))],
  [types.int64, fixed(8, (bytes, at) => wholeNumber(bytes.readInt32LE(at + 4), bytes, at))],
  [types.uint64, fixed(8, (bytes, at) => wholeNumber(bytes.readUInt32LE(at + 4), bytes, at))],
  [types.real32, fixed(4, (bytes, at) => realText(bytes.readFloatLE(at), true))],
  [types.real64, fixed(8, (bytes, at) => realText(bytes.readDoubleLE(at), false))],
  [types.boolean, fixed(4, booleanOf)],
  [types.binary, varying((bytes, at, size) => bytes.toString('hex', at, at + size).toUpperCase())],
  [types.guid, fixed(16, readGuid)],
  [types.size, varying((bytes, at, size) => (size < 8 ? hex32(bytes, at) : hex64(bytes, at)))],
  [types.fileTime, fixed(8, fileTimeText)],
  [types.systemTime, fixed(16, systemTimeText)],
  [types.sid, varying(readSid)],
  [types.hexInt32, fixed(4, hex32)],
  [types.hexInt64, fixed(8, hex64)],
]);

function tableOf(entries: readonly (readonly [number, ValueType])[]): (ValueType | undefined)[] {
  const table: (ValueType | undefined)[] = Array.from({ length: 256 });
  for (const [type, value] of entries) table[type] = value;
  return table;
}

/** A value; undefined for one that is empty, which leaves no trace in the event. Binary XML is not read here. */
export function readValue(bytes: Buffer, type: number, at: number, size: number): Scalar | undefined {
  if (size === 0 || type === types.null) return undefined;
  if ((type & listFlag) !== 0) return readEntries(bytes, type, at, size).join(',');
  const known = byType[type];
  if (known === undefined) throw new RecordDamage(`a value of it has the unknown type 0x${type.toString(16)}`);
  if (size < known.size || (type === types.size && size < 4)) {
    throw wrongSize(type, size);
  }
  const value = known.read(bytes, at, size);
  return value === '' ? undefined : value;
}

function wrongSize(type: number, size: number): RecordDamage {
  return new RecordDamage(`a value of it of type 0x${type.toString(16)} has ${size} bytes`);
}

/** The entries of a list as text. */
export function readEntries(bytes: Buffer, type: number, at: number, size: number): string[] {
  const single = type & ~listFlag;
  if (single === types.string) return readUtf16List(bytes, at, size);
  if (single === types.ansiString) return withoutEnd(bytes.toString('latin1', at, at + size).split('\0'));
  const known = byType[single];
  if (known === undefined) throw new RecordDamage(`a value of it has the unknown type 0x${type.toString(16)}`);
  const entries: string[] = [];
  for (let from = at; from < at + size;) {
    const width = single === types.sid ? 8 + 4 * (bytes[from + 1] ?? 0) : widthOf(single, known);
    if (from + width > at + size) throw wrongSize(type, size);
    entries.push(textOf(known.read(bytes, from, width)));
    from += width;
  }
  return entries;
}

function widthOf(type: number, { size }: ValueType): number {
  if (size === 0) throw new RecordDamage(`a value of it is a list of type 0x${type.toString(16)}, which has none`);
  return size;
}

function readUtf16List(bytes: Buffer, at: number, size: number): string[] {
  return withoutEnd(
    bytes
      .toString('utf16le', at, at + (size & ~1))
      .toWellFormed()
      .split('\0'),
  );
}

/** Each text of a list ends in a zero, also the last. */
function withoutEnd(entries: string[]): string[] {
  return entries.at(-1) === '' ? entries.slice(0, -1) : entries;
}

/** Zero or one by the specification; another number stays itself, for it may mean something to its provider. */
function booleanOf(bytes: Buffer, at: number): Scalar {
  const value = bytes.readInt32LE(at);
  return value === 0 || value === 1 ? value === 1 : value;
}

/** A 64-bit number: as a number where a double holds it. */
function wholeNumber(high: number, bytes: Buffer, at: number): Scalar {
  const value = high * 2 ** 32 + bytes.readUInt32LE(at);
  if (Number.isSafeInteger(value)) return value;
  return rawNumber(String((BigInt(high) << 32n) | BigInt(bytes.readUInt32LE(at))));
}

/** A value as it stands within text. */
export function textOf(value: Scalar): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && 'rawJSON' in value ? value.rawJSON : String(value);
}
