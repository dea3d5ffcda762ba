import { wideText } from '../../wire/text.ts';

/** The header of an SMB 2 message (MS-SMB2, 2.2.1). */
export interface Smb2Header {
  readonly command: number;
  readonly status: number;
  readonly isResponse: boolean;
  readonly messageId: bigint;
  readonly treeId: number;
  /** Offset of the next message of a compound; 0 for the last. */
  readonly next: number;
}

export const smb2Command = {
  negotiate: 0,
  sessionSetup: 1,
  treeConnect: 3,
  create: 5,
  close: 6,
  read: 8,
  write: 9,
  ioctl: 11,
} as const;
export const smb2HeaderBytes = 64;
const protocolMark = 0xfe534d42;

/** Undefined when the bytes begin with no such header. */
export function readSmb2Header(bytes: Buffer): Smb2Header | undefined {
  if (bytes.length < smb2HeaderBytes || bytes.readUInt32BE(0) !== protocolMark) return undefined;
  return {
    command: bytes.readUInt16LE(12),
    status: bytes.readUInt32LE(8),
    isResponse: (bytes.readUInt32LE(16) & 1) !== 0,
    messageId: bytes.readBigUInt64LE(24),
    treeId: bytes.readUInt32LE(36),
    next: bytes.readUInt32LE(20),
  };
}

/** Text in UTF-16 at an offset from the start of the message; empty when it lies outside. */
export function textAt(bytes: Buffer, offset: number, length: number): string {
  return length % 2 === 0 && offset + length <= bytes.length ? wideText(bytes, offset, offset + length) : '';
}

/** A number of one to four bytes at a place; 0 beyond the end. */
export function numberAt(bytes: Buffer, at: number, size: 1 | 2 | 4): number {
  return at + size <= bytes.length ? bytes.readUIntLE(at, size) : 0;
}

const dialects: Readonly<Record<number, string>> = {
  0x0202: '2.0.2',
  0x0210: '2.1',
  0x02ff: '2.?',
  0x0300: '3.0',
  0x0302: '3.0.2',
  0x0311: '3.1.1',
};

export function dialectName(dialect: number): string {
  return dialects[dialect] ?? `0x${dialect.toString(16).padStart(4, '0')}`;
}
