import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../base/errors.ts';

export interface RotatedFilesOptions {
  readonly folder: string;
  /** Around the time and number in the names of files: `decrypted` and `.pcap`. */
  readonly prefix: string;
  readonly suffix: string;
  /** What each file begins with. */
  readonly header: Uint8Array;
  /** A file that has grown so far is followed by the next. */
  readonly fileBytes: number;
  /** What all files of that name in the folder may take; the oldest go. */
  readonly keptBytes: number;
  readonly nowMs: () => number;
  readonly onTrouble: (text: string) => void;
}

const stampAndNumber = /^-\d{8}T\d{6}Z-\d{6}$/;

/**
 * Files of records in a folder, one after another, readable by their owner only. Chunks are whole records, and each is written before `write`
 * returns: nothing waits in memory, and the proxy is never faster than the disk. What cannot be written is told once and counted.
 */
export class RotatedFiles {
  /** Chunks that the disk did not take. */
  lostChunks = 0;
  readonly #options: RotatedFilesOptions;
  #file: number | undefined;
  #fileBytes = 0;
  #number = 0;

  constructor(options: RotatedFilesOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  }

  write(chunk: Uint8Array): void {
    try {
      this.#write(chunk);
    } catch (error) {
      const { prefix, suffix, onTrouble } = this.#options;
      if (this.lostChunks++ === 0) onTrouble(`${prefix}${suffix} cannot be written: ${messageOf(error)}`);
      this.#takeBack();
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #write(chunk: Uint8Array): void {
    if (this.#file !== undefined && this.#fileBytes + chunk.length > this.#options.fileBytes) this.close();
    this.#file ??= this.#open();
    writeWhole(this.#file, chunk);
    this.#fileBytes += chunk.length;
  }

  /** What was written of a chunk is no whole record: the file ends before it, and the next chunk finds the same file. */
  #takeBack(): void {
    if (this.#file === undefined) return;
    try {
      ftruncateSync(this.#file, this.#fileBytes);
    } catch {
      this.close();
    }
  }

  #open(): number {
    const { folder, prefix, suffix, header, nowMs } = this.#options;
    this.#makeRoom();
    const stamp = new Date(nowMs()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const name = `${prefix}-${stamp}-${String(++this.#number).padStart(6, '0')}${suffix}`;
    const path = join(folder, name);
    // For appending: what is taken back leaves no hole.
    const file = openSync(path, 'ax', 0o600);
    try {
      writeWhole(file, header);
    } catch (error) {
      closeSync(file);
      rmSync(path);
      throw error;
    }
    this.#fileBytes = header.length;
    return file;
  }

  /** Removes the oldest files of this folder until the next one fits. */
  #makeRoom(): void {
    const { folder, prefix, suffix, fileBytes, keptBytes } = this.#options;
    const files = readdirSync(folder)
      .filter((name) => name.startsWith(prefix) && name.endsWith(suffix))
      .filter((name) => stampAndNumber.test(name.slice(prefix.length, -suffix.length)))
      .sort()
      .map((name) => ({ path: join(folder, name), bytes: statSync(join(folder, name)).size }));
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { path, bytes } of files) {
      if (total + fileBytes <= keptBytes) break;
      rmSync(path);
      total -= bytes;
    }
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
