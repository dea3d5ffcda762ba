import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Undelivered bytes that are kept; what comes when it is full is refused and counted. */
const defaultMaxBytes = 64 * 1024 * 1024;
/** What is kept in memory while the disk is full. */
const maxHeldBytes = 4 * 1024 * 1024;
/** Longest message. */
const maxLineBytes = 1024 * 1024;
/** Enough for most messages: while a long outage is made up for, each is read for itself. */
const usualBytes = 16 * 1024;
const newline = 10;

/**
 * Messages on disk, one JSON text a line, until they are delivered: at least once, in order, over restarts. Two files: the lines, and how
 * many of their bytes are done.
 */
export class DeliveryQueue {
  readonly #file: string;
  readonly #positionFile: string;
  readonly #maxBytes: number;
  #size: number;
  #done: number;
  #refused = 0;
  #lostBytes = 0;
  /** Newer than all on disk, which had no room for them; a kill loses them. */
  #held: string[] = [];
  #heldBytes = 0;

  constructor(folder: string, name: string, maxBytes = defaultMaxBytes) {
    this.#maxBytes = maxBytes;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#file = join(folder, `${name}.jsonl`);
    this.#positionFile = join(folder, `${name}.position`);
    if (!existsSync(this.#file)) writeFileSync(this.#file, '', { mode: 0o600 });
    this.#size = statSync(this.#file).size;
    const done = existsSync(this.#positionFile) ? Number(readFileSync(this.#positionFile, 'utf8')) : 0;
    this.#done = Number.isInteger(done) && done >= 0 && done <= this.#size ? done : 0;
    this.#cutTornLine();
  }

  /** A kill in the middle of a line leaves its beginning: it was never acknowledged. */
  #cutTornLine(): void {
    const tail = this.#read(Math.max(this.#done, this.#size - maxLineBytes), maxLineBytes);
    const end = tail.lastIndexOf(newline);
    const kept = this.#size - tail.length + end + 1;
    if (kept === this.#size) return;
    truncateSync(this.#file, kept);
    this.#size = kept;
  }

  /** False when the queue is full, or the disk and what memory holds for it, or the text too long. */
  add(json: string): boolean {
    this.#resume();
    const line = `${json}\n`;
    const length = Buffer.byteLength(line);
    if (length > maxLineBytes || this.waitingBytes + length > this.#maxBytes) {
      this.#refused++;
      return false;
    }
    this.#store();
    if (this.#held.length === 0 && this.#append(line)) return true;
    if (this.#heldBytes + length > maxHeldBytes) {
      this.#refused++;
      return false;
    }
    this.#held.push(json);
    this.#heldBytes += length;
    return true;
  }

  /** Puts what memory holds on the disk when there is room again. */
  #store(): void {
    if (this.#held.length === 0 || !this.#append(`${this.#held.join('\n')}\n`)) return;
    this.#held = [];
    this.#heldBytes = 0;
  }

  /** A full disk takes the beginning of a line, behind which the next would be read as its end. */
  #append(line: string): boolean {
    try {
      appendFileSync(this.#file, line, { mode: 0o600 });
      this.#size += Buffer.byteLength(line);
      return true;
    } catch {
      this.#cutTo(this.#size);
      return false;
    }
  }

  #cutTo(size: number): void {
    try {
      truncateSync(this.#file, size);
    } catch {
      // It is not there: then it has no beginning of a line either.
    }
  }

  /** The oldest messages that were not delivered, as many as fit into a megabyte; empty when there are none. */
  peek(most = 1): string[] {
    this.#resume();
    this.#store();
    if (this.#done >= this.#size) return this.#held.slice(0, most);
    const usual = most === 1 ? this.#read(this.#done, usualBytes) : Buffer.alloc(0);
    const bytes = usual.includes(newline) ? usual : this.#read(this.#done, maxLineBytes);
    const messages: string[] = [];
    for (let start = 0; messages.length < most;) {
      const end = bytes.indexOf(newline, start);
      if (end < 0) break;
      messages.push(bytes.toString('utf8', start, end));
      start = end + 1;
    }
    return messages;
  }

  /** What `peek` gave was delivered. */
  shift(messages: readonly string[]): void {
    if (this.#done >= this.#size && this.#held.length > 0) {
      for (const message of this.#held.splice(0, messages.length)) this.#heldBytes -= Buffer.byteLength(message) + 1;
      return;
    }
    for (const message of messages) this.#done += Buffer.byteLength(message) + 1;
    if (this.#done >= this.#size) {
      truncateSync(this.#file, 0);
      this.#size = 0;
      this.#done = 0;
    }
    if (this.#done > this.#maxBytes) this.#dropDone();
    else this.#writePosition();
  }

  /** Where a full disk takes no position there is none: killed then, everything that is still in the file is sent again. */
  #writePosition(): void {
    try {
      replaceFile(this.#positionFile, String(this.#done));
    } catch {
      for (const end of ['', '.new']) rmSync(`${this.#positionFile}${end}`, { force: true });
    }
  }

  /** A receiver that never catches up wholly must not have what it took fill the disk. Killed in between, it gets that again. */
  #dropDone(): void {
    const rest = this.#read(this.#done, this.#size - this.#done);
    replaceFile(this.#positionFile, '0');
    replaceFile(this.#file, rest);
    this.#size = rest.length;
    this.#done = 0;
  }

  get waitingBytes(): number {
    return this.#size - this.#done + this.#heldBytes;
  }

  /** Undelivered bytes that somebody cut off or took away since it was asked last. */
  takeLostBytes(): number {
    const lost = this.#lostBytes;
    this.#lostBytes = 0;
    return lost;
  }

  /** Only this program writes to the file. One that is shorter was cut or taken away: what is left of it counts, and what comes is kept. */
  #resume(): void {
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size;
    if ((size ?? 0) >= this.#size) return;
    const left = size ?? 0;
    const waiting = this.waitingBytes;
    this.#size = left;
    if (this.#done > left) {
      this.#done = left;
      this.#writePosition();
    }
    this.#cutTornLine();
    this.#lostBytes += waiting - this.waitingBytes;
  }

  /** Messages that were refused since the start. */
  get refused(): number {
    return this.#refused;
  }

  #read(from: number, length: number): Buffer {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.#size - from)));
    if (buffer.length === 0) return buffer;
    const descriptor = openSync(this.#file, 'r');
    try {
      return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, from));
    } finally {
      closeSync(descriptor);
    }
  }
}

function replaceFile(path: string, content: string | Buffer): void {
  const next = `${path}.new`;
  writeFileSync(next, content, { mode: 0o600 });
  renameSync(next, path);
}
