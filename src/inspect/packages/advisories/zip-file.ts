import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { crc32, inflateRawSync } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { messageOf } from '../../../base/errors.ts';

/** What is read ahead: members follow each other in the order of the directory, and most have a few KB. */
const windowBytes = 1 << 20;
const localHeaderBytes = 30;
const localSignature = 0x0403_4b50;
const [stored, deflated] = [0, 8];
const encryptedFlag = 1;
/** What zlib takes at least for a piece. */
const smallestChunk = 64;

/**
 * A ZIP archive (APPNOTE 6.3) of very many small members, as whole ecosystems are published: directory and members are read through windows of the file, without
 * a stream and several calls of the system for each.
 */
export class ZipArchive {
  readonly #descriptor: number;
  readonly #zip: ZipFile;
  readonly #members: FileWindow;

  private constructor(descriptor: number, zip: ZipFile, members: FileWindow) {
    this.#descriptor = descriptor;
    this.#zip = zip;
    this.#members = members;
  }

  /** Throws where the file is no ZIP archive. */
  static async open(path: string): Promise<ZipArchive> {
    const descriptor = openSync(path, 'r');
    try {
      const reader = new WindowedReader(descriptor);
      const options = { lazyEntries: true, autoClose: false };
      const zip = await yauzl.fromRandomAccessReaderPromise(reader, fstatSync(descriptor).size, options);
      return new ZipArchive(descriptor, zip, new FileWindow(descriptor));
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** The entry behind the last one; undefined at the end of the directory. */
  nextEntry(): Promise<Entry | undefined> {
    const zip = this.#zip;
    return new Promise((resolve, reject) => {
      const done = (entry?: Entry): void => {
        zip.removeAllListeners();
        resolve(entry);
      };
      zip.once('entry', done);
      zip.once('end', () => done());
      zip.once('error', reject);
      zip.readEntry();
    });
  }

  /** A member as a stream: for large ones. */
  stream(entry: Entry): Promise<Readable> {
    return new Promise((resolve, reject) => {
      this.#zip.openReadStream(entry, (error, content) => {
        if (error) reject(error);
        else resolve(content);
      });
    });
  }

  /** A member at once, in memory of its own. Throws where it is damaged, encrypted or compressed in another way than usual. */
  content(entry: Entry): Buffer {
    const { compressedSize, compressionMethod, generalPurposeBitFlag, relativeOffsetOfLocalHeader: at } = entry;
    if ((generalPurposeBitFlag & encryptedFlag) !== 0) throw new Error('it is encrypted');
    const header = this.#members.read(at, localHeaderBytes);
    if (header.readUInt32LE(0) !== localSignature) throw new Error('the directory points to what is no member');
    const start = at + localHeaderBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
    const bytes = unpacked(this.#members.read(start, compressedSize), compressionMethod, entry.uncompressedSize);
    if (crc32(bytes) !== entry.crc32) throw new Error('its checksum is another than the archive says');
    return bytes;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function unpacked(bytes: Buffer, method: number, size: number): Buffer {
  if (method !== stored && method !== deflated) throw new Error(`its compression (${method}) is not known`);
  const content = method === stored ? Buffer.from(bytes) : inflated(bytes, size);
  if (content.length !== size) throw new Error(`it has ${content.length} bytes, and the archive says ${size}`);
  return content;
}

/** With one piece of memory of the right size: by default each call would take 16 KB and throw most of it away. Throws when there is more in it. */
function inflated(bytes: Buffer, size: number): Buffer {
  return inflateRawSync(bytes, { maxOutputLength: Math.max(1, size), chunkSize: Math.max(smallestChunk, size + 1) });
}

/** A part of a file that is kept, and read anew where more is asked for. */
class FileWindow {
  readonly #descriptor: number;
  #memory = Buffer.allocUnsafeSlow(windowBytes);
  #start = 0;
  #length = 0;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** A view that is valid until more is read. Throws where the file ends before. */
  read(position: number, length: number): Buffer {
    if (position < this.#start || position + length > this.#start + this.#length) this.#move(position, length);
    const from = position - this.#start;
    return this.#memory.subarray(from, from + length);
  }

  #move(position: number, length: number): void {
    if (length > this.#memory.length) this.#memory = Buffer.allocUnsafeSlow(length);
    this.#start = position;
    this.#length = 0;
    for (let count = -1; count !== 0 && this.#length < this.#memory.length; this.#length += count) {
      const left = this.#memory.length - this.#length;
      count = readSync(this.#descriptor, this.#memory, this.#length, left, position + this.#length);
    }
    if (this.#length < length) throw new Error('the archive ends before the end of what it says to have');
  }
}

/** Answers at once: yauzl asks twice for each entry of the directory. */
class WindowedReader extends yauzl.RandomAccessReader {
  readonly #descriptor: number;
  readonly #window: FileWindow;

  constructor(descriptor: number) {
    super();
    this.#descriptor = descriptor;
    this.#window = new FileWindow(descriptor);
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: Callback): void {
    try {
      this.#window.read(position, length).copy(buffer, offset);
    } catch (error) {
      callback(error instanceof Error ? error : new Error(messageOf(error)));
      return;
    }
    callback(null, length);
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return createReadStream('', { fd: this.#descriptor, start, end: end - 1, autoClose: false });
  }
}

/** The number of bytes is asked for, though the types do not say so. */
type Callback = (error: Error | null, length?: number) => void;
