import type { ContainerEnd } from './container-end.ts';

const endRecord = Buffer.from('PK\u0005\u0006', 'latin1');
const endRecordBytes = 22;
const [memberMark, endMark, locatorMark, end64Mark] = [0x02_01_4b_50, 0x06_05_4b_50, 0x07_06_4b_50, 0x06_06_4b_50];
const isIn64 = 0xff_ff_ff_ff;

/**
 * Byte after the end record and comment of a ZIP archive that begins with the file (APPNOTE 4.3.16). The first record counts whose
 * directory lies where it says: an archive inside a member, and one that was appended, count from another start.
 */
export function findZipEnd(bytes: Uint8Array): ContainerEnd {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = data.indexOf(endRecord); at >= 0; at = data.indexOf(endRecord, at + 1)) {
    if (at + endRecordBytes > data.length) break;
    if (isOwnRecord(data, at)) return { end: at + endRecordBytes + data.readUInt16LE(at + 20) };
  }
  return { fault: 'it has no end record that fits its directory' };
}

function isOwnRecord(data: Buffer, at: number): boolean {
  const [size, offset] = [data.readUInt32LE(at + 12), data.readUInt32LE(at + 16)];
  if (size === isIn64 || offset === isIn64) return isOwnRecord64(data, at);
  return offset + size <= at && isDirectory(data, offset, at) && isAdjacent(data, offset + size, at);
}

/** A record of 64 bits and its locator stand between the directory and the end record (APPNOTE 4.3.14, 4.3.15). */
function isOwnRecord64(data: Buffer, at: number): boolean {
  const locator = at - 20;
  if (locator < 0 || data.readUInt32LE(locator) !== locatorMark) return false;
  const record = Number(data.readBigUInt64LE(locator + 8));
  if (record + 56 > locator || data.readUInt32LE(record) !== end64Mark) return false;
  const size = Number(data.readBigUInt64LE(record + 40));
  const offset = Number(data.readBigUInt64LE(record + 48));
  return offset + size === record && isDirectory(data, offset, record);
}

function isDirectory(data: Buffer, offset: number, end: number): boolean {
  return offset === end || (offset + 4 <= end && data.readUInt32LE(offset) === memberMark);
}

/** The end record follows the directory at once, or after a record of 64 bits that is not needed. */
function isAdjacent(data: Buffer, directoryEnd: number, at: number): boolean {
  const mark = data.readUInt32LE(directoryEnd);
  return directoryEnd === at ? mark === endMark : mark === end64Mark;
}
