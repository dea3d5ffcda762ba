import type { ByteSource } from '../../byte-source.ts';
import { maxHeaderBytes, type HeaderBlobs } from './database.ts';

const pageBytes = 4096;
const entryBytes = 16;
const [fileMark, slotMark, blobMark] = ['RpmP', 'Slot', 'BlbS'];

export function isNdb(bytes: ByteSource): boolean {
  return bytes.subarray(0, 4).toString('latin1') === fileMark;
}

/** Blobs of `Packages.db` (rpm, lib/backend/ndb/rpmpkg.c): pages of slots that say where each blob stands, in blocks of 16 bytes. */
export function* ndbBlobs(bytes: ByteSource): HeaderBlobs {
  if (bytes.length < pageBytes) return 'the first page is cut';
  const header = bytes.subarray(0, entryBytes);
  const [version, slotPages] = [header.readUInt32LE(4), header.readUInt32LE(12)];
  if (version !== 0) return `its version is ${version}, and only 0 is known`;
  // A database without packages has a page of slots too.
  if (slotPages === 0) return 'its header names no page of slots';
  const end = Math.min(slotPages * pageBytes, bytes.length);
  let fault = end < slotPages * pageBytes ? 'the slots are cut' : undefined;
  for (let start = 0; start < end; start += pageBytes) {
    const page = bytes.subarray(start, Math.min(start + pageBytes, end));
    // The file's own header takes the room of two slots.
    for (let at = start === 0 ? 2 * entryBytes : 0; at + entryBytes <= page.length; at += entryBytes) {
      if (page.toString('latin1', at, at + 4) !== slotMark) return `the slot at byte ${start + at} has no mark`;
      const packageIndex = page.readUInt32LE(at + 4);
      if (packageIndex === 0) continue;
      const blob = blobAt(bytes, page.readUInt32LE(at + 8) * entryBytes, packageIndex);
      if (blob === undefined) fault = `package ${packageIndex} is not where its slot says`;
      else yield blob;
    }
  }
  return fault;
}

/** Undefined where no blob of that package stands. */
function blobAt(bytes: ByteSource, start: number, packageIndex: number): Buffer | undefined {
  const head = bytes.subarray(start, start + entryBytes);
  const isBlob =
    head.length === entryBytes && head.toString('latin1', 0, 4) === blobMark && head.readUInt32LE(4) === packageIndex;
  const length = isBlob ? head.readUInt32LE(12) : 0;
  const from = start + entryBytes;
  if (!isBlob || length > maxHeaderBytes || from + length > bytes.length) return undefined;
  return bytes.subarray(from, from + length);
}
