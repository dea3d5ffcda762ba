import { hexText, wideText } from '../../wire/text.ts';
import { Recent } from './opened.ts';

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
  setInfo: 17,
} as const;
export const smb2HeaderBytes = 64;
/** Of a file (MS-FSCC, 2.6). */
export const attributeFolder = 0x10;
/** FILE_DELETE_ON_CLOSE, among the options of CREATE. */
export const optionDeleteOnClose = 0x1000;
/** True for the first byte of a token of SPNEGO (RFC 4178), of the first and of later ones. */
export function isSpnego(first: number | undefined): boolean {
  return first === 0x60 || first === 0xa1;
}

/** What CREATE did (MS-SMB2, 2.2.14). */
export const createOutcomes: readonly (string | undefined)[] = ['superseded', 'opened', 'created', 'overwritten'];
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

/** In later messages of a compound: the file that an earlier one of it opens (MS-SMB2, 3.2.4.1.4). */
const relatedFile = 'f'.repeat(32);

/** The 16 bytes that stand for an open file. */
function fileIdAt(bytes: Buffer, at: number): string {
  return hexText(bytes.subarray(at, at + 16));
}

/** Names of open files: what stands for a file that a message of the same compound opens is its number. */
export class FileIds {
  /** Files by the message that opened them. */
  readonly #opened = new Recent<string, string>();
  #create = '';

  /** A new compound begins. */
  begin(): void {
    this.#create = '';
  }

  /** The message opens a file. */
  creating(header: Smb2Header): void {
    this.#create = `message ${header.messageId}`;
  }

  created(header: Smb2Header, file: string): void {
    this.#opened.set(`message ${header.messageId}`, file);
  }

  /** The file of a request. */
  at(bytes: Buffer, place: number): string {
    const id = fileIdAt(bytes, place);
    return id === relatedFile && this.#create !== '' ? this.#create : id;
  }

  /** The file of a request by the name that its opening has been answered with. */
  resolve(file: string): string {
    return this.#opened.get(file) ?? file;
  }
}

/** Text in UTF-16 at an offset from the start of the message; empty when it lies outside. */
export function textAt(bytes: Buffer, offset: number, length: number): string {
  return length % 2 === 0 && offset + length <= bytes.length ? wideText(bytes, offset, offset + length) : '';
}

/** A number of one to four bytes at a place; 0 beyond the end. */
export function numberAt(bytes: Buffer, at: number, size: 1 | 2 | 4): number {
  return at + size <= bytes.length ? bytes.readUIntLE(at, size) : 0;
}

/** A 64-bit number; those beyond 2^53 are no place in a file. */
export function offsetAt(bytes: Buffer, at: number): number {
  if (at + 8 > bytes.length) return 0;
  return Math.min(Number(bytes.readBigUInt64LE(at)), Number.MAX_SAFE_INTEGER);
}

/** Ticks of 100 ns between 1601 and 1970. */
const epochTicks = 116_444_736_000_000_000n;

/** Times of a file (MS-SMB2, 2.2.14) in seconds since 1970, by Zeek's names; those that are not given are left out. */
export function fileTimesAt(bytes: Buffer, at: number): Record<string, number> {
  const times: Record<string, number> = {};
  for (const [index, name] of ['created', 'accessed', 'modified', 'changed'].entries()) {
    const place = at + 8 * index;
    const ticks = place + 8 <= bytes.length ? bytes.readBigInt64LE(place) : 0n;
    if (ticks > 0n) times[`times.${name}`] = Number((ticks - epochTicks) / 10n) / 1e6;
  }
  return times;
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
