import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of a file before the next is begun. */
const fileBytes = 64 * 1024 * 1024;

/**
 * Appends to files of a folder, the next one when one is full, and removes the oldest beyond the bound. A file that somebody took away is not written to
 * any more, as nobody would read it: the next one is begun.
 */
export class Spool {
  readonly #folder: string;
  readonly #name: string;
  readonly #keepBytes: number;
  readonly #header: string;
  #descriptor: number | undefined;
  #file: string | undefined;
  #written = 0;

  /** `header` begins each file. */
  constructor(folder: string, name: string, keepBytes: number, header = '') {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
    this.#name = name;
    this.#keepBytes = keepBytes;
    this.#header = header;
  }

  write(content: string | Uint8Array): void {
    if (this.#isTakenAway()) this.close();
    this.#descriptor ??= this.#next();
    this.#written +=
      typeof content === 'string' ? writeSync(this.#descriptor, content) : writeSync(this.#descriptor, content);
  }

  /** The file that is written to and its bytes, for who must know after a restart what came behind them; undefined before the first write. */
  get end(): { readonly file: string; readonly bytes: number } | undefined {
    return this.#file === undefined ? undefined : { file: this.#file, bytes: this.#written };
  }

  /** To be called where a record ends that may be the last of a file. */
  mayRotate(): void {
    if (this.#written < fileBytes) return;
    this.close();
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    this.#file = undefined;
    this.#written = 0;
  }

  #isTakenAway(): boolean {
    if (this.#descriptor === undefined || this.#file === undefined) return false;
    const there = statSync(join(this.#folder, this.#file), { throwIfNoEntry: false });
    return there?.ino !== fstatSync(this.#descriptor).ino;
  }

  #next(): number {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#removeOldest();
    const stamp = new Date().toISOString().replaceAll(/[-:]/g, '').replace('.', '-');
    this.#file = `${this.#name}-${stamp}.log`;
    const descriptor = openSync(join(this.#folder, this.#file), 'ax', 0o600);
    if (this.#header !== '') writeSync(descriptor, this.#header);
    return descriptor;
  }

  #removeOldest(): void {
    const files = readdirSync(this.#folder)
      .filter((file) => file.startsWith(`${this.#name}-`))
      .sort()
      .map((file) => ({ path: join(this.#folder, file), size: statSync(join(this.#folder, file)).size }));
    let bytes = files.reduce((sum, { size }) => sum + size, 0) + fileBytes;
    for (const { path, size } of files) {
      if (bytes <= this.#keepBytes) return;
      rmSync(path);
      bytes -= size;
    }
  }
}
