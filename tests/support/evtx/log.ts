import { crc32 } from 'node:zlib';
import { chunkBytes } from '../../../src/collect/sources/evtx/chunk.ts';
import { fileHeaderBytes } from '../../../src/collect/sources/evtx/file-header.ts';
import { fileTime } from './values.ts';
import { BinXmlWriter, type Element, type Value } from './writer.ts';

export interface TestRecord {
  readonly template: Element;
  readonly values: readonly Value[];
  /** µs since 1970; default 2026-03-10. */
  readonly written?: number;
}

const chunkHeaderBytes = 512;
const defaultWritten = 1_773_100_800_000_000;

/** Bytes of a whole chunk with records numbered from `first`. `edit` may damage it; checksums are right without it. */
export function chunkOf(
  records: readonly TestRecord[],
  first = 1,
  edit?: (chunk: Buffer, starts: number[]) => void,
): Buffer {
  const chunk = Buffer.alloc(chunkBytes);
  const writer = new BinXmlWriter(chunk, chunkHeaderBytes);
  const starts: number[] = [];
  for (const [index, { template, values, written = defaultWritten }] of records.entries()) {
    const start = writer.at;
    starts.push(start);
    writer.u32(0x2a2a);
    writer.u32(0);
    writer.raw(bigInt(first + index));
    writer.raw(fileTime(written).bytes);
    writer.fragmentHeader();
    writer.instance(template, values);
    writer.u8(0);
    while ((writer.at - start) % 8 !== 4) writer.u8(0);
    const size = writer.at - start + 4;
    writer.u32(size);
    chunk.writeUInt32LE(size, start + 4);
  }
  const header = new BinXmlWriter(chunk, 0);
  header.raw(Buffer.from('ElfChnk\0'));
  const last = first + records.length - 1;
  for (const number of [first, last, first, last]) header.raw(bigInt(number));
  header.u32(128);
  header.u32(starts.at(-1) ?? chunkHeaderBytes);
  header.u32(writer.at);
  header.u32(crc32(chunk.subarray(chunkHeaderBytes, writer.at)));
  chunk.writeUInt32LE(crc32(chunk.subarray(128, chunkHeaderBytes), crc32(chunk.subarray(0, 120))), 124);
  edit?.(chunk, starts);
  return chunk;
}

/** A file of chunks, closed properly. */
export function logOf(...chunks: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(fileHeaderBytes);
  header.write('ElfFile\0');
  header.writeUInt32LE(128, 32);
  header.writeUInt32LE(0x0003_0001, 36);
  header.writeUInt16LE(fileHeaderBytes, 40);
  header.writeUInt16LE(chunks.length, 42);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  return Buffer.concat([header, ...chunks]);
}

/** The used part of a chunk: what an end of file within it leaves. */
export function usedPart(chunk: Buffer): Buffer {
  return chunk.subarray(0, chunk.readUInt32LE(48));
}

function bigInt(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
