import { crc32 } from 'node:zlib';

export const fileHeaderBytes = 4096;
/** Bytes of the header that its checksum covers, and where the checksum stands. */
const coveredBytes = 120;
const checksumAt = 124;
const dirtyFlag = 1;

export interface FileHeader {
  /** Chunks that the file is said to have; a log that was copied while in use may have more. */
  readonly chunks: number;
  /** Not closed properly, or copied while in use: then its numbers may be old. */
  readonly isDirty: boolean;
  readonly isChecksumRight: boolean;
}

const signature = Buffer.from('ElfFile\0');

/** Undefined for what is no header of an event log. */
export function readFileHeader(bytes: Buffer): FileHeader | undefined {
  if (bytes.length < checksumAt + 4 || !bytes.subarray(0, signature.length).equals(signature)) return undefined;
  return {
    chunks: bytes.readUInt16LE(42),
    isDirty: (bytes.readUInt32LE(coveredBytes) & dirtyFlag) !== 0,
    isChecksumRight: crc32(bytes.subarray(0, coveredBytes)) === bytes.readUInt32LE(checksumAt),
  };
}

export function startsAsFile(bytes: Uint8Array): boolean {
  return signature.equals(bytes.subarray(0, signature.length));
}
