import { crc32 } from 'node:zlib';
import type { Micros } from '../../../base/time.ts';
import type { WindowsRecord } from '../../windows/record.ts';
import { RecordDamage } from './binxml/damage.ts';
import { fileTimeMicros } from './binxml/times.ts';
import { Walker } from './binxml/walker.ts';

export const chunkBytes = 65_536;
const headerBytes = 512;
/** Of a record: mark, size, number, time written; and the size again behind its binary XML. */
const recordHeadBytes = 24;
const recordTailBytes = 4;
const recordMark = 0x2a2a;
const signature = Buffer.from('ElfChnk\0');

/** A record that was read, or what is wrong with it. */
export type ChunkEntry =
  | { readonly record: WindowsRecord; readonly written: Micros }
  | { readonly damage: string; readonly at: number; readonly isLimit: boolean }
  | { readonly lost: string };

export function startsAsChunk(bytes: Uint8Array): boolean {
  return signature.equals(bytes.subarray(0, signature.length));
}

/** What the checksums of a whole chunk say: its header and its records are as they were written. */
export function isChecksumRight(chunk: Buffer): boolean {
  const end = chunk.readUInt32LE(48);
  if (end < headerBytes || end > chunk.length) return false;
  const header = crc32(chunk.subarray(128, headerBytes), crc32(chunk.subarray(0, 120)));
  return header === chunk.readUInt32LE(124) && crc32(chunk.subarray(headerBytes, end)) === chunk.readUInt32LE(52);
}

/**
 * The records of a chunk that begins as one, in order. `chunk` may be cut. After a record with a wrong head nothing more
 * is read: where the next one begins is not known.
 */
export function* readChunk(chunk: Buffer): Generator<ChunkEntry> {
  if (chunk.length < headerBytes) {
    yield { damage: 'the file ends within the header of the chunk', at: chunk.length, isLimit: false };
    return;
  }
  const lastNumber = chunk.readBigUInt64LE(32);
  const free = chunk.readUInt32LE(48);
  const walker = new Walker(chunk);
  for (let at = headerBytes; at < free && at < chunkBytes;) {
    const size = recordSize(chunk, at);
    if (size === undefined) {
      yield endOf(chunk, at, Math.min(free, chunkBytes));
      return;
    }
    const entry = readRecord(walker, chunk, at, size);
    yield entry;
    // Space behind the last record may hold old ones, which are no longer part of the log.
    if ('record' in entry && chunk.readBigUInt64LE(at + 8) === lastNumber) return;
    at += size;
  }
}

/** What it means that no record begins somewhere before the end of the used space. */
function endOf(chunk: Buffer, at: number, free: number): ChunkEntry {
  const head = chunk.subarray(at, at + recordHeadBytes);
  if (head.length > 0 && head.every((byte) => byte === 0)) {
    const message = `zeros stand where the chunk is said to have more records, up to number ${chunk.readBigUInt64LE(32)}`;
    return { lost: message };
  }
  const isCut = at >= chunk.length;
  const damage = isCut ? 'the file ends within the chunk' : 'no record begins where one has to';
  return { damage: `${damage}; ${free - at} bytes of it are not read`, at, isLimit: false };
}

function recordSize(chunk: Buffer, at: number): number | undefined {
  if (at + recordHeadBytes > chunk.length || chunk.readUInt32LE(at) !== recordMark) return undefined;
  const size = chunk.readUInt32LE(at + 4);
  return size < recordHeadBytes + recordTailBytes || at + size > chunkBytes ? undefined : size;
}

function readRecord(walker: Walker, chunk: Buffer, at: number, size: number): ChunkEntry {
  try {
    if (at + size > chunk.length) throw new RecordDamage('the file ends within it');
    const record = walker.read(at + recordHeadBytes, at + size - recordTailBytes);
    return { record, written: fileTimeMicros(chunk, at + 16) };
  } catch (error) {
    if (!(error instanceof RecordDamage)) throw error;
    const number = chunk.readBigUInt64LE(at + 8);
    return { damage: `record ${number} cannot be read: ${error.message}`, at, isLimit: error.isLimit };
  }
}
