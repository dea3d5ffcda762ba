import { maxHeaderBytes, type HeaderBlobs } from './database.ts';

const pageBytes = 4096;
const entryBytes = 16;
const [fileMark, slotMark, blobMark] = ['RpmP', 'Slot', 'BlbS'];

export function isNdb(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 4) === fileMark;
}

/** Blobs of `Packages.db` (rpm, lib/backend/ndb/rpmpkg.c): pages of slots that say where each blob stands, in blocks of 16 bytes. */
export function* ndbBlobs(bytes: Buffer): HeaderBlobs {
  if (bytes.length < pageBytes) return 'the first page is cut';
  const [version, slotPages] = [bytes.readUInt32LE(4), bytes.readUInt32LE(12)];
  if (version !== 0) return `its version is ${version}, and only 0 is known`;
  // A database without packages has a page of slots too.
  if (slotPages === 0) return 'its header names no page of slots';
  const end = Math.min(slotPages * pageBytes, bytes.length);
  let fault = end < slotPages * pageBytes ? 'the slots are cut' : undefined;
  // The file's own header takes the room of two slots.
  for (let at = 2 * entryBytes; at + entryBytes <= end; at += entryBytes) {
    if (bytes.toString('latin1', at, at + 4) !== slotMark) {
      return `the slot at byte ${at} has no mark`;
    }
    const packageIndex = bytes.readUInt32LE(at + 4);
    if (packageIndex === 0) continue;
    const start = bytes.readUInt32LE(at + 8) * entryBytes;
    const isBlob =
      start + entryBytes <= bytes.length &&
      bytes.toString('latin1', start, start + 4) === blobMark &&
      bytes.readUInt32LE(start + 4) === packageIndex;
    const length = isBlob ? bytes.readUInt32LE(start + 12) : 0;
    if (!isBlob || length > maxHeaderBytes || start + entryBytes + length > bytes.length) {
      fault = `package ${packageIndex} is not where its slot says`;
      continue;
    }
    yield bytes.subarray(start + entryBytes, start + entryBytes + length);
  }
  return fault;
}
