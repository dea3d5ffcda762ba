/** What the program in the kernel tells: `struct record` of `calls.bpf.c`. */
export interface CallRecord {
  readonly monotonicNs: bigint;
  readonly pid: number;
  readonly thread: number;
  readonly parentPid: number;
  /** The real user. */
  readonly user: number;
  readonly name: string;
  readonly call: number;
  /** Made by a 32-bit program. */
  readonly isCompat: boolean;
  readonly result: number;
  readonly args: readonly bigint[];
  readonly block: Buffer;
  readonly texts: readonly [string | undefined, string | undefined];
}

/** A program that starts. */
export interface ProgramRecord extends CallRecord {
  /** As exec was given it. */
  readonly file: string;
  /** undefined when they could not be read. */
  readonly argv: readonly string[] | undefined;
  readonly isCut: boolean;
}

const programFlag = 1;
const compatFlag = 2;
const argumentsAt = 40;
const nameAt = 88;
const blockAt = 104;
const textBytesAt = 136;
const textAt = 144;
const maxTextBytes = 256;
const recordBytes = textAt + 2 * maxTextBytes;
const programArgumentsAt = recordBytes + 8;

/** The record in these bytes; undefined when they are too few. It holds nothing of the buffer. */
export function readRecord(bytes: Buffer): CallRecord | ProgramRecord | undefined {
  if (bytes.length < recordBytes) return undefined;
  const flags = bytes.readUInt32LE(28);
  const common: CallRecord = {
    monotonicNs: bytes.readBigUInt64LE(0),
    pid: bytes.readUInt32LE(8),
    thread: bytes.readUInt32LE(12),
    parentPid: bytes.readUInt32LE(16),
    user: bytes.readUInt32LE(20),
    call: bytes.readUInt32LE(24),
    isCompat: (flags & compatFlag) !== 0,
    result: Number(bytes.readBigInt64LE(32)),
    args: Array.from({ length: 6 }, (_none, index) => bytes.readBigUInt64LE(argumentsAt + 8 * index)),
    name: textIn(bytes, nameAt, 16),
    block: Buffer.from(bytes.subarray(blockAt, textBytesAt)),
    texts: [
      optionalText(bytes, textAt, bytes.readUInt32LE(textBytesAt)),
      optionalText(bytes, textAt + maxTextBytes, bytes.readUInt32LE(textBytesAt + 4)),
    ],
  };
  if ((flags & programFlag) === 0 || bytes.length < programArgumentsAt) return common;
  const length = Math.min(bytes.readUInt32LE(recordBytes), bytes.length - programArgumentsAt);
  const text = bytes.toString('utf8', programArgumentsAt, programArgumentsAt + length);
  return {
    ...common,
    file: common.texts[0] ?? '',
    argv: length === 0 ? undefined : (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0'),
    isCut: bytes.readUInt32LE(recordBytes + 4) > length,
  };
}

function optionalText(bytes: Buffer, at: number, length: number): string | undefined {
  return length === 0 ? undefined : textIn(bytes, at, Math.min(length, maxTextBytes));
}

function textIn(bytes: Buffer, at: number, length: number): string {
  const end = bytes.indexOf(0, at);
  return bytes.toString('utf8', at, end < 0 || end > at + length ? at + length : end);
}
