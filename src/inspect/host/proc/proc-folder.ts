import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  readdirSync,
  readlinkSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';

/** Bytes read of one file of `/proc`: more than any honest one has. */
const maxBytes = 2 ** 24;

/**
 * The `/proc` of a Linux kernel (proc(5)), or a folder of the same layout. Processes come and go while it is read: whatever is
 * gone, or is not ours to see, is undefined or empty and no error.
 */
export class ProcFolder {
  readonly #root: string;

  constructor(root = '/proc') {
    this.#root = root;
  }

  /** Ids of the processes that are listed, in order. */
  pids(): number[] {
    return numbersOf(this.names('.'));
  }

  /** Ids of what is listed as numbers in a folder: threads in `1/task`, descriptors in `1/fd`. */
  numbers(path: string): number[] {
    return numbersOf(this.names(path));
  }

  names(path: string): string[] {
    try {
      return readdirSync(join(this.#root, path));
    } catch {
      return [];
    }
  }

  exists(path: string): boolean {
    try {
      return lstatSync(join(this.#root, path), { throwIfNoEntry: false }) !== undefined;
    } catch {
      return false;
    }
  }

  bytes(path: string): Buffer | undefined {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(join(this.#root, path), constants.O_RDONLY | constants.O_NONBLOCK);
      return fstatSync(descriptor).isFile() ? readAll(descriptor) : undefined;
    } catch {
      return undefined;
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  text(path: string): string {
    return this.bytes(path)?.toString('utf8') ?? '';
  }

  /** What a link says, such as `/usr/bin/bash`, `/tmp/x (deleted)`, `socket:[123]` or `net:[4026531840]`. */
  link(path: string): string | undefined {
    try {
      return readlinkSync(join(this.#root, path));
    } catch {
      return undefined;
    }
  }

  /** How many names the file behind a link has; 0 for a deleted one, undefined when it cannot be reached. */
  linksOf(path: string): number | undefined {
    try {
      return statSync(join(this.#root, path)).nlink;
    } catch {
      return undefined;
    }
  }
}

function numbersOf(names: readonly string[]): number[] {
  return names
    .filter((name) => /^\d{1,10}$/.test(name))
    .map(Number)
    .sort((left, right) => left - right);
}

/** Files of `/proc` say that they have no bytes: read until nothing comes. */
function readAll(descriptor: number): Buffer {
  const parts: Buffer[] = [];
  let total = 0;
  while (total < maxBytes) {
    const part = Buffer.allocUnsafe(2 ** 16);
    const count = readSync(descriptor, part, 0, part.length, null);
    if (count === 0) break;
    parts.push(part.subarray(0, count));
    total += count;
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}
