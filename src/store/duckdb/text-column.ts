import duckdb from '@duckdb/node-bindings';
import { NullBits } from './null-bits.ts';

/** Words of 32 bits in an entry of a text vector (`duckdb_string_t` of `duckdb.h`): length, then the text or a pointer to it. */
const entryWords = 4;
const entryBytes = 16;
/** Texts up to so many bytes stand in their entry. */
const inlineBytes = 12;
/** And of longer ones as many. */
const prefixBytes = 4;
/** Of a longer text one call of the encoder costs less than a step for each letter. */
const steppedLength = 24;
/** The same for texts that are bytes already. */
const steppedBytes = 100;
const firstHeapBytes = 8192;
/** A heap that has grown beyond this is not kept for the next vector. */
const keptHeapBytes = 1 << 20;
const twoTo32 = 4_294_967_296;

/** What waits in all columns of a chunk, in bytes, beside the places of its rows. */
export interface Waiting {
  bytes: number;
}

/**
 * Texts on their way into a DuckDB vector. Each is taken out of its string at once, while that is still near the processor,
 * and all go over in one piece: a string that is kept until a vector is full has left the caches, and a call for each text
 * takes several times as long.
 */
export class TextColumn {
  readonly #nulls = new NullBits();
  #words = new Uint32Array(0);
  /** The same memory. */
  #wordBytes = new Uint8Array(0);
  /** The texts that do not stand in their entries, one behind another. */
  #heap = Buffer.alloc(0);
  #heapUsed = 0;
  /** The text before, and its entry: columns often repeat a value. */
  #last: string | undefined;
  readonly #entry = new Uint32Array(entryWords);
  readonly #entryText = Buffer.from(this.#entry.buffer, 4);

  readonly #waiting: Waiting;

  constructor(waiting: Waiting) {
    this.#waiting = waiting;
  }

  put(place: number, value: unknown): void {
    if (typeof value !== 'string') return;
    if (!this.#isLast(value)) this.#encode(value);
    const at = place * entryWords;
    if (at >= this.#words.length) this.#growWords(at);
    const words = this.#words;
    const entry = this.#entry;
    words[at] = entry[0] as number;
    words[at + 1] = entry[1] as number;
    words[at + 2] = entry[2] as number;
    words[at + 3] = entry[3] as number;
    this.#nulls.set(place);
  }

  /** A text that stands in UTF-8 at `[start, end)`, without a string made of it. */
  putBytes(place: number, bytes: Uint8Array, start: number, end: number): void {
    const at = place * entryWords;
    if (at >= this.#words.length) this.#growWords(at);
    const length = end - start;
    const shown = length <= inlineBytes ? length : prefixBytes;
    const entries = this.#wordBytes;
    let into = at * 4 + 4;
    for (let from = start; from < start + shown; from++) entries[into++] = bytes[from] as number;
    this.#words[at] = length;
    this.#nulls.set(place);
    if (length <= inlineBytes) return;
    const used = this.#heapUsed;
    if (used + length > this.#heap.length) this.#growHeap(used + length);
    const heap = this.#heap;
    if (length > steppedBytes) heap.set(bytes.subarray(start, end), used);
    else for (let from = start, to = used; from < end;) heap[to++] = bytes[from++] as number;
    this.#words[at + 2] = used;
    this.#heapUsed = used + length;
    this.#waiting.bytes += length;
  }

  /** Writes the first `count` places into the vector, and is empty again. */
  flush(vector: duckdb.Vector, count: number): void {
    if (this.#nulls.end > 0) {
      this.#point(vector);
      duckdb.copy_data_to_vector(vector, 0, this.#words.buffer as ArrayBuffer, 0, this.#nulls.end * entryBytes);
      this.#words.fill(0, 0, this.#nulls.end * entryWords);
    }
    this.#nulls.flush(vector, count);
    this.#heapUsed = 0;
    this.#last = undefined;
    if (this.#heap.length > keptHeapBytes) this.#heap = Buffer.alloc(0);
  }

  /** Most texts of one length differ in one of two letters: to compare pieces of other texts as a whole is dear. */
  #isLast(text: string): boolean {
    const last = this.#last;
    if (last === undefined || text.length !== last.length) return false;
    const end = text.length - 1;
    const middle = end >> 1;
    return (
      text.charCodeAt(end) === last.charCodeAt(end) &&
      text.charCodeAt(middle) === last.charCodeAt(middle) &&
      text === last
    );
  }

  /** The text as an entry; of one that does not stand in it, with its place in the heap for a pointer. */
  #encode(text: string): void {
    this.#last = text;
    const from = this.#heapUsed;
    const { length } = text;
    if (from + length * 3 > this.#heap.length) this.#growHeap(from + length * 3);
    const heap = this.#heap;
    let end = from;
    if (length <= steppedLength) {
      for (let index = 0; index < length; index++) {
        const code = text.charCodeAt(index);
        if (code > 127) break;
        heap[end++] = code;
      }
    }
    if (end - from < length) end = from + heap.write(text, from);
    const bytes = end - from;
    const entry = this.#entry;
    entry[1] = 0;
    entry[2] = 0;
    entry[3] = 0;
    entry[0] = bytes;
    const shown = bytes <= inlineBytes ? bytes : prefixBytes;
    for (let index = 0; index < shown; index++) this.#entryText[index] = heap[from + index] as number;
    if (bytes <= inlineBytes) return;
    entry[2] = from;
    this.#heapUsed = end;
    this.#waiting.bytes += bytes;
  }

  /** Puts the heap into the vector's own memory, where it stays as long as that does, and makes places in it pointers. */
  #point(vector: duckdb.Vector): void {
    if (this.#heapUsed === 0) return;
    const [low, high] = addressOf(vector, this.#heap.subarray(0, this.#heapUsed));
    const words = this.#words;
    const end = this.#nulls.end * entryWords;
    for (let at = 0; at < end; at += entryWords) {
      if ((words[at] as number) <= inlineBytes) continue;
      const place = low + (words[at + 2] as number);
      words[at + 2] = place;
      words[at + 3] = place >= twoTo32 ? high + 1 : high;
    }
  }

  #growWords(at: number): void {
    const larger = new Uint32Array(Math.max(duckdb.vector_size() * entryWords, 2 * at));
    larger.set(this.#words);
    this.#words = larger;
    this.#wordBytes = new Uint8Array(larger.buffer);
  }

  #growHeap(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(firstHeapBytes, needed, 2 * this.#heap.length));
    this.#heap.copy(larger, 0, 0, this.#heapUsed);
    this.#heap = larger;
  }
}

/** Copies the bytes, more than stand in an entry, into the memory of the vector; returns where, as two words. */
function addressOf(vector: duckdb.Vector, bytes: Buffer): [number, number] {
  duckdb.vector_assign_string_element_len(vector, 0, bytes);
  const entry = duckdb.vector_get_data(vector, entryBytes);
  const view = new DataView(entry.buffer, entry.byteOffset, entryBytes);
  return [view.getUint32(8, true), view.getUint32(12, true)];
}
