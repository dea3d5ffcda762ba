import type { Problem } from '../../../../base/problem.ts';
import { ByteQueue } from '../../../byte-queue.ts';
import { headerBytes, readHeader, type JournalHeader } from '../../../linux/journal/header.ts';

export const objectTypes = { data: 1, entry: 3 } as const;

/** An object with its bytes, header included. They belong to the receiver only until the next one is asked for. */
export interface JournalObject {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly bytes: Buffer;
}

const objectHeader = 16;
/** Longest object that is held: journald cuts fields long before. */
const maxObjectBytes = 64 * 1024 * 1024;

/**
 * Cuts a journal into its objects, in the order in which they were written. Tables and lists of offsets are passed over
 * without being held. What cannot be read is a problem, and nothing behind an object of no valid length is.
 */
export class ObjectReader {
  header: JournalHeader | undefined;
  readonly #queue = new ByteQueue();
  #offset = 0;
  #skip = 0;
  #isOver = false;
  readonly #tell: (problem: Problem) => void;

  constructor(tell: (problem: Problem) => void) {
    this.#tell = tell;
  }

  feed(chunk: Uint8Array): void {
    if (this.#isOver) return;
    const skipped = Math.min(this.#skip, chunk.length);
    this.#skip -= skipped;
    this.#offset += skipped;
    this.#queue.push(chunk.subarray(skipped));
  }

  /** The next data or entry object; undefined when more bytes are needed. */
  next(): JournalObject | undefined {
    if (this.header === undefined) this.#readHeader();
    while (this.header !== undefined && !this.#isOver && this.#skip === 0 && this.#queue.length >= objectHeader) {
      const rest = this.#queue.bytes;
      const size = Number(rest.readBigUInt64LE(8));
      const type = rest[0] ?? 0;
      if (this.#isPastLast() || (type === 0 && size === 0)) {
        this.#isOver = true;
        return undefined;
      }
      if (size < objectHeader || !Number.isSafeInteger(size) || type > 7) {
        this.#stop('bad-record', `the object at byte ${this.#offset} has no valid length; nothing behind it was read`);
        return undefined;
      }
      const padded = size + ((8 - (size % 8)) % 8);
      const isWanted = type === objectTypes.data || type === objectTypes.entry;
      if (isWanted && size <= maxObjectBytes && rest.length < size) return undefined;
      const object = { type, flags: rest[1] ?? 0, offset: this.#offset, bytes: rest.subarray(0, size) };
      this.#take(padded);
      if (!isWanted) continue;
      if (size <= maxObjectBytes) return object;
      const message = `an object of ${size} bytes is longer than ${maxObjectBytes}; it was passed over`;
      this.#tell({ code: 'record-too-long', at: { byte: object.offset }, message });
    }
    return undefined;
  }

  /** The content ends here. */
  finish(): void {
    const last = this.header?.lastObject ?? 0;
    if (this.header === undefined) {
      this.#tell({ code: 'truncated', at: { byte: 0 }, message: 'the journal ends before its header does' });
    } else if (!this.#isOver && this.#offset <= last) {
      const message = `the journal ends at byte ${this.#offset}, before its last object at ${last}`;
      this.#tell({ code: 'truncated', at: { byte: this.#offset }, message });
    }
  }

  #readHeader(): void {
    if (this.#isOver || this.#queue.length < headerBytes) return;
    this.header = readHeader(this.#queue.bytes);
    if (this.header === undefined) this.#stop('bad-header', 'the header of the journal is damaged; nothing was read');
    else if (this.header.unknownFlags !== 0) {
      this.#stop('unsupported', `the journal needs features that are not known (flags ${this.header.unknownFlags})`);
    } else this.#take(this.header.size);
  }

  #isPastLast(): boolean {
    const last = this.header?.lastObject ?? 0;
    return last > 0 && this.#offset > last;
  }

  #stop(code: 'bad-record' | 'bad-header' | 'unsupported', message: string): void {
    this.#isOver = true;
    this.#tell({ code, at: { byte: this.#offset }, message });
  }

  #take(count: number): void {
    const held = Math.min(count, this.#queue.length);
    this.#queue.drop(held);
    this.#offset += held;
    this.#skip = count - held;
  }
}
