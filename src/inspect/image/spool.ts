import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, VakthundError } from '../../base/errors.ts';

const chunkBytes = 1 << 20;

/** A file on disk that is read in places. */
export class DiskFile {
  readonly #descriptor: number;
  #isClosed = false;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** Opens a regular file for reading; links are followed, a pipe is not waited for. Throws `EVIDENCE_READ`. */
  static open(path: string): DiskFile {
    let descriptor: number;
    try {
      descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (cause) {
      throw new VakthundError('EVIDENCE_READ', `"${path}" cannot be opened: ${messageOf(cause)}`, { cause });
    }
    if (fstatSync(descriptor).isFile()) return new DiskFile(descriptor);
    closeSync(descriptor);
    throw new VakthundError('EVIDENCE_READ', `"${path}" is no regular file`);
  }

  /** Fills a part of the buffer from a place in the file; gives the bytes read, fewer at the end. */
  fill(buffer: Uint8Array, from: number, length: number, position: number): number {
    let filled = 0;
    while (filled < length) {
      const count = readSync(this.#descriptor, buffer, from + filled, length - filled, position + filled);
      if (count === 0) break;
      filled += count;
    }
    return filled;
  }

  /** The whole file as it is now. */
  whole(): DiskSection {
    return new DiskSection(this, 0, fstatSync(this.#descriptor).size);
  }

  /** Once is enough: a second time would close what others have opened since. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#descriptor);
  }
}

/** A part of a disk file: nothing outside it is ever read. */
export class DiskSection {
  readonly #file: DiskFile;
  readonly #start: number;
  readonly size: number;

  constructor(file: DiskFile, start: number, size: number) {
    this.#file = file;
    this.#start = start;
    this.size = size;
  }

  fill(buffer: Uint8Array, from: number, length: number, position: number): number {
    const bounded = Math.max(0, Math.min(length, this.size - position));
    return this.#file.fill(buffer, from, bounded, this.#start + position);
  }

  /** A part of this part; no further than its end. */
  section(start: number, size: number): DiskSection {
    const from = Math.min(start, this.size);
    return new DiskSection(this.#file, this.#start + from, Math.max(0, Math.min(size, this.size - from)));
  }

  /** All of it, chunk by chunk. Each chunk is the receiver's own. */
  *chunks(): Generator<Buffer> {
    for (let at = 0; at < this.size;) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, this.size - at));
      const count = this.fill(chunk, 0, chunk.length, at);
      if (count === 0) return;
      yield chunk.subarray(0, count);
      at += count;
    }
  }
}

/**
 * A private file that grows at its end and has no name: it is gone when it is closed, and when the process dies in any way. Runs
 * of zeros become holes, so that a bomb of zeros takes no disk.
 */
export class Spool extends DiskFile {
  readonly #descriptor: number;
  #size = 0;

  private constructor(descriptor: number) {
    super(descriptor);
    this.#descriptor = descriptor;
  }

  static create(parent = tmpdir()): Spool {
    const folder = mkdtempSync(join(parent, 'vakthund-image-'));
    try {
      return new Spool(openSync(join(folder, 'spool'), 'wx+', 0o600));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  get size(): number {
    return this.#size;
  }

  section(start: number, size: number): DiskSection {
    return new DiskSection(this, start, size);
  }

  /** Throws when the disk is full. */
  append(chunk: Uint8Array): void {
    if (!isAllZeros(chunk)) {
      for (let done = 0; done < chunk.length;) {
        done += writeSync(this.#descriptor, chunk, done, chunk.length - done, this.#size + done);
      }
    }
    this.#size += chunk.length;
  }

  /** Makes the file as long as what was appended, should it end with a hole. */
  settle(): void {
    ftruncateSync(this.#descriptor, this.#size);
  }
}

const zeros = Buffer.alloc(chunkBytes);

/** A hundred times quicker for a chunk of a mebibyte than looking at each byte. */
function isAllZeros(chunk: Uint8Array): boolean {
  for (let at = 0; at < chunk.length; at += zeros.length) {
    const length = Math.min(zeros.length, chunk.length - at);
    if (zeros.compare(chunk, at, at + length, 0, length) !== 0) return false;
  }
  return true;
}
