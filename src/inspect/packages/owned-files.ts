import { digestAlgorithms, type FileList, type OwnedFile } from './package.ts';

/** Shorter lists stay as they are: a buffer of its own would take more. */
const leastPacked = 16;

/** Which members a record has, in its first byte. */
const has = { config: 1, mode: 2, uid: 4, gid: 8, digest: 16 } as const;

/** First byte, three numbers of four bytes, algorithm and length of the digest, 64 bytes of it, two lengths of the path. */
const maxHeadBytes = 1 + 12 + 2 + 64 + 4;
const maxPathBytes = 0xff_ff;
/** Of a character of a text (UTF-16). */
const maxUtf8Bytes = 3;
const maxPathLength = Math.floor(maxPathBytes / maxUtf8Bytes);
const maxHexLength = 128;
const maxNumber = 0xff_ff_ff_ff;
/** In place of flags or of a digit: it cannot be packed. */
const unfit = 0x1_00;

/** Values of the lower-case digits, by their character. */
const hexDigits: readonly number[] = Array.from({ length: 0x80 }, (_none, code) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(code));
  return value < 0 ? unfit : value;
});

/**
 * The same files in a tenth of the memory: a host has half a million, and each takes some 300 bytes as an object. Lists with what does not fit (a path of 64 KB,
 * a digest that is none) are given back as they are.
 */
export function packFiles(files: readonly OwnedFile[]): FileList {
  if (files.length < leastPacked) return files;
  const writer = new PackWriter();
  for (const file of files) if (!writer.add(file)) return files;
  return new PackedFiles(writer.bytes(), files.length, writer.longestPath);
}

/** Records one behind the other, each read from what the one before left: the beginning of its path is often the same. */
class PackedFiles implements FileList {
  readonly #bytes: Buffer;
  readonly #longestPath: number;
  readonly length: number;

  /** `longestPath`: in bytes. */
  constructor(bytes: Buffer, length: number, longestPath: number) {
    this.#bytes = bytes;
    this.length = length;
    this.#longestPath = longestPath;
  }

  *[Symbol.iterator](): Generator<OwnedFile> {
    const bytes = this.#bytes;
    const path = Buffer.allocUnsafe(this.#longestPath);
    for (let at = 0; at < bytes.length;) {
      const flags = bytes[at++] ?? 0;
      const file: { -readonly [Key in keyof OwnedFile]: OwnedFile[Key] } = { path: '' };
      for (const key of ['mode', 'uid', 'gid'] as const) {
        if ((flags & has[key]) === 0) continue;
        file[key] = bytes.readUInt32LE(at);
        at += 4;
      }
      if ((flags & has.digest) !== 0) {
        const algorithm = digestAlgorithms[bytes[at] ?? 0] ?? 'md5';
        const end = at + 2 + (bytes[at + 1] ?? 0);
        file.digest = { algorithm, hex: bytes.toString('hex', at + 2, end) };
        at = end;
      }
      if ((flags & has.config) !== 0) file.isConfig = true;
      const [shared, own] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
      at += 4;
      bytes.copy(path, shared, at, at + own);
      file.path = path.toString('utf8', 0, shared + own);
      at += own;
      yield file;
    }
  }
}

/** One for all: a list is packed without a pause. */
const pathBefore = Buffer.allocUnsafe(maxPathBytes);

class PackWriter {
  #bytes = Buffer.allocUnsafe(1 << 14);
  #length = 0;
  /** Bytes of the path before, in `pathBefore`. */
  #beforeLength = 0;
  longestPath = 0;

  /** False when the file does not fit; nothing of the list is of use then. */
  add({ path, mode, uid, gid, digest, isConfig }: OwnedFile): boolean {
    if (path.length > maxPathLength || !path.isWellFormed()) return false;
    this.#reserve(maxHeadBytes + path.length * maxUtf8Bytes);
    const flagsAt = this.#length++;
    let flags = isConfig === true ? has.config : 0;
    if (mode !== undefined) flags |= this.#number(mode, has.mode);
    if (uid !== undefined) flags |= this.#number(uid, has.uid);
    if (gid !== undefined) flags |= this.#number(gid, has.gid);
    if (digest !== undefined) flags |= this.#digest(digest);
    if (flags >= unfit) return false;
    this.#bytes[flagsAt] = flags;
    this.#path(path);
    return true;
  }

  #number(value: number, flag: number): number {
    if (!Number.isInteger(value) || value < 0 || value > maxNumber) return unfit;
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
    return flag;
  }

  #digest({ algorithm, hex }: NonNullable<OwnedFile['digest']>): number {
    if (hex.length % 2 !== 0 || hex.length > maxHexLength) return unfit;
    const bytes = this.#bytes;
    bytes[this.#length++] = digestAlgorithms.indexOf(algorithm);
    bytes[this.#length++] = hex.length / 2;
    for (let at = 0; at < hex.length; at += 2) {
      const value = ((hexDigits[hex.charCodeAt(at)] ?? unfit) << 4) | (hexDigits[hex.charCodeAt(at + 1)] ?? unfit);
      if (value >= unfit) return unfit;
      bytes[this.#length++] = value;
    }
    return has.digest;
  }

  #path(path: string): void {
    const [bytes, before] = [this.#bytes, pathBefore];
    const start = this.#length + 4;
    const length = bytes.write(path, start);
    const most = Math.min(length, this.#beforeLength);
    let shared = 0;
    while (shared < most && before[shared] === bytes[start + shared]) shared++;
    bytes.copy(before, shared, start + shared, start + length);
    this.#beforeLength = length;
    bytes.writeUInt16LE(shared, this.#length);
    bytes.writeUInt16LE(length - shared, this.#length + 2);
    if (shared > 0) bytes.copyWithin(start, start + shared, start + length);
    this.#length = start + length - shared;
    this.longestPath = Math.max(this.longestPath, length);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + bytes));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  /** A buffer of its own, no longer than what is in it. */
  bytes(): Buffer {
    const own = Buffer.allocUnsafeSlow(this.#length);
    this.#bytes.copy(own, 0, 0, this.#length);
    return own;
  }
}
