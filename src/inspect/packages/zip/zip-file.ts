import { inflateRawSync } from 'node:zlib';
import { decodeUtf8 } from '../../../base/bytes.ts';

/** Bytes that can be read at any place: a file of a tree, or a member of another archive. */
export interface ByteSource {
  readonly size: number;
  /** `length` bytes from `offset` on; fewer at the end. */
  read(offset: number, length: number): Buffer;
}

export interface ZipMember {
  /** As written; it may have dots and be absolute. */
  readonly name: string;
  readonly method: number;
  readonly compressedBytes: number;
  /** What the archive claims. */
  readonly bytes: number;
  readonly headerAt: number;
  readonly isEncrypted: boolean;
}

const [endMark, end64Mark, locatorMark, memberMark, localMark] = [
  0x06_05_4b_50, 0x06_06_4b_50, 0x07_06_4b_50, 0x02_01_4b_50, 0x04_03_4b_50,
];
const endBytes = 22;
const maxCommentBytes = 65_535;
/** Directories of the largest archives seen have some hundred thousand members. */
const maxMembers = 1_000_000;
const maxDirectoryBytes = 2 ** 27;

/** A ZIP archive (PKWARE APPNOTE) whose directory is read at once and whose members are read one by one. */
export class ZipFile {
  readonly members: readonly ZipMember[];
  readonly #source: ByteSource;
  /** Bytes before the archive, such as a script that starts it: offsets count from its own beginning. */
  readonly #shift: number;

  /** The archive, or why there is none. */
  static open(source: ByteSource): ZipFile | string {
    const tailAt = Math.max(0, source.size - endBytes - maxCommentBytes);
    const tail = source.read(tailAt, source.size - tailAt);
    for (let at = tail.length - endBytes; at >= 0; at--) {
      if (tail.readUInt32LE(at) !== endMark) continue;
      const place = directoryPlace(source, tail, at, tailAt);
      if (place !== undefined) return new ZipFile(source, place);
    }
    return 'it has no directory';
  }

  private constructor(source: ByteSource, { at, bytes, shift }: DirectoryPlace) {
    this.#source = source;
    this.#shift = shift;
    this.members = readDirectory(source.read(at, bytes));
  }

  /** Content of a member; undefined when it is damaged, encrypted, packed in another way than deflate, or longer than the bound. */
  read(member: ZipMember, maxBytes: number): Buffer | undefined {
    if (member.isEncrypted || member.bytes > maxBytes || member.compressedBytes > this.#source.size) return undefined;
    const header = this.#source.read(member.headerAt + this.#shift, 30);
    if (header.length < 30 || header.readUInt32LE(0) !== localMark) return undefined;
    const start = member.headerAt + this.#shift + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    const packed = this.#source.read(start, member.compressedBytes);
    if (packed.length < member.compressedBytes) return undefined;
    if (member.method === 0) return packed.length <= maxBytes ? packed : undefined;
    if (member.method !== 8) return undefined;
    try {
      return inflateRawSync(packed, { maxOutputLength: Math.max(1, maxBytes) });
    } catch {
      return undefined;
    }
  }
}

interface DirectoryPlace {
  readonly at: number;
  readonly bytes: number;
  readonly shift: number;
}

/** Where the directory stands that an end record names; undefined when none stands there. */
function directoryPlace(source: ByteSource, tail: Buffer, at: number, tailAt: number): DirectoryPlace | undefined {
  let bytes = tail.readUInt32LE(at + 12);
  let offset = tail.readUInt32LE(at + 16);
  let end = tailAt + at;
  const record = end64Record(source, tail, at, tailAt);
  if (record !== undefined) {
    bytes = Number(record.bytes.readBigUInt64LE(40));
    offset = Number(record.bytes.readBigUInt64LE(48));
    end = record.at;
  } else if (bytes === 0xff_ff_ff_ff || offset === 0xff_ff_ff_ff) return undefined;
  const start = end - bytes;
  const shift = start - offset;
  if (start < 0 || shift < 0 || bytes > maxDirectoryBytes) return undefined;
  const head = source.read(start, 4);
  return bytes === 0 || (head.length === 4 && head.readUInt32LE(0) === memberMark)
    ? { at: start, bytes, shift }
    : undefined;
}

/**
 * The end record of ZIP64, when there is one: the directory ends where it begins. Whoever writes it because there are too many members
 * leaves size and offset in the old record as they are (Java, Python), so that only its locator tells of it.
 */
function end64Record(
  source: ByteSource,
  tail: Buffer,
  at: number,
  tailAt: number,
): { at: number; bytes: Buffer } | undefined {
  if (at < 20 || tail.readUInt32LE(at - 20) !== locatorMark) return undefined;
  // The locator counts from the beginning of the archive, which may stand behind a script; the record mostly stands before the locator.
  for (const recordAt of [Number(tail.readBigUInt64LE(at - 12)), tailAt + at - 20 - 56]) {
    if (recordAt < 0 || recordAt > source.size) continue;
    const bytes = source.read(recordAt, 56);
    if (bytes.length === 56 && bytes.readUInt32LE(0) === end64Mark) return { at: recordAt, bytes };
  }
  return undefined;
}

function readDirectory(directory: Buffer): ZipMember[] {
  const members: ZipMember[] = [];
  for (let at = 0; at + 46 <= directory.length && members.length < maxMembers;) {
    if (directory.readUInt32LE(at) !== memberMark) break;
    const nameBytes = directory.readUInt16LE(at + 28);
    const extraBytes = directory.readUInt16LE(at + 30);
    const extraAt = at + 46 + nameBytes;
    const member = {
      name: decodeUtf8(directory.subarray(at + 46, extraAt)),
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      headerAt: directory.readUInt32LE(at + 42),
      isEncrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
    };
    members.push(with64(member, directory.subarray(extraAt, extraAt + extraBytes)));
    at = extraAt + extraBytes + directory.readUInt16LE(at + 32);
  }
  return members;
}

/** The extra field 1 has those of sizes and offset in 64 bits that do not fit, in this order (APPNOTE 4.5.3). */
function with64(member: ZipMember, extra: Buffer): ZipMember {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    const take = (value: number): number => {
      if (value !== 0xff_ff_ff_ff || next + 8 > extra.length) return value;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    };
    const bytes = take(member.bytes);
    const compressedBytes = take(member.compressedBytes);
    return { ...member, bytes, compressedBytes, headerAt: take(member.headerAt) };
  }
  return member;
}
