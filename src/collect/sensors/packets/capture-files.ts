import { closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface CaptureFilesOptions {
  /** Where whole files are put: what is followed. */
  readonly folder: string;
  /** Where a file is written until it is whole: on the same disk, not followed. */
  readonly openFolder: string;
  /** Tells apart the writers of one folder. */
  readonly writer: string;
  /** Bytes of a file before the next is begun. */
  readonly fileBytes: number;
  /** Age of a file before the next is begun. */
  readonly fileMs: number;
  /** Bytes that are kept; beyond, the oldest files go. */
  readonly keepBytes: number;
}

/**
 * Writes captures as a row of files. A file is shown to readers once it is whole, because a flow that is cut by a half-read file would be
 * told in pieces.
 */
export class CaptureFiles {
  readonly #options: CaptureFilesOptions;
  #header: Buffer = Buffer.alloc(0);
  #open: { readonly descriptor: number; readonly name: string; readonly since: number } | undefined;
  #written = 0;
  #count = 0;
  packets = 0;

  constructor(options: CaptureFilesOptions) {
    this.#options = options;
    for (const folder of [options.folder, options.openFolder]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Shows files that an earlier run left unfinished. */
  static recover(folder: string, openFolder: string): void {
    for (const path of [folder, openFolder]) mkdirSync(path, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(openFolder)) renameSync(join(openFolder, name), join(folder, name));
  }

  onHeader(header: Buffer): void {
    // What stands in the file before keeps its own meaning.
    this.close();
    this.#header = header;
  }

  onRecords(bytes: Buffer, count: number): void {
    this.#open ??= this.#begin();
    this.#written += writeAll(this.#open.descriptor, bytes);
    this.packets += count;
    if (this.#written >= this.#options.fileBytes) this.close();
  }

  /** To be called now and then: ends a file that is old enough. */
  tick(): void {
    if (this.#open !== undefined && performance.now() - this.#open.since >= this.#options.fileMs) this.close();
  }

  close(): void {
    if (this.#open === undefined) return;
    const { folder, openFolder } = this.#options;
    closeSync(this.#open.descriptor);
    renameSync(join(openFolder, this.#open.name), join(folder, this.#open.name));
    this.#open = undefined;
  }

  #begin(): { readonly descriptor: number; readonly name: string; readonly since: number } {
    this.#removeOldest();
    const stamp = new Date().toISOString().replaceAll(/[-:.]/g, '');
    const name = `${stamp}-${this.#options.writer}-${++this.#count}.pcap`;
    const descriptor = openSync(join(this.#options.openFolder, name), 'ax', 0o600);
    this.#written = writeAll(descriptor, this.#header);
    return { descriptor, name, since: performance.now() };
  }

  #removeOldest(): void {
    const { folder, keepBytes, fileBytes } = this.#options;
    const files = readdirSync(folder)
      .sort()
      .map((name) => ({ path: join(folder, name), size: statSync(join(folder, name)).size }));
    let bytes = files.reduce((sum, { size }) => sum + size, fileBytes);
    for (const { path, size } of files) {
      if (bytes <= keepBytes) return;
      rmSync(path);
      bytes -= size;
    }
  }
}

function writeAll(descriptor: number, bytes: Buffer): number {
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  return bytes.length;
}
