import { TapeScanner } from './json-scanner.ts';
import { maxTapeEntries, tapeTypes, type TapeEntries } from './tape-entries.ts';

/**
 * One JSON object of one line, as a flat list of its members and list entries in the order in which they stand: where
 * each key and value begins and ends. Entry 0 is the object itself. Reading it takes half the time of `JSON.parse` and
 * builds no objects.
 *
 * Only plain records are read: valid JSON without the same key twice in an object, escapes in keys, keys that begin with
 * a digit, numbers that `JSON.stringify` spells otherwise, whole numbers beyond 2^53, or blanks outside strings other than
 * a space after a comma or colon. All other records are for the slower way, which can tell what is wrong with them.
 */
export class JsonTape implements TapeEntries {
  readonly keyStart = new Int32Array(maxTapeEntries);
  readonly keyEnd = new Int32Array(maxTapeEntries);
  readonly keyHash = new Int32Array(maxTapeEntries);
  readonly start = new Int32Array(maxTapeEntries);
  readonly end = new Int32Array(maxTapeEntries);
  readonly type = new Uint8Array(maxTapeEntries);
  readonly parent = new Int32Array(maxTapeEntries);
  readonly next = new Int32Array(maxTapeEntries);
  readonly numbers = new Float64Array(maxTapeEntries);

  bytes: Buffer = Buffer.alloc(0);
  /** How many entries the record has. */
  count = 0;
  isAscii = true;
  /** Pieces of the record may be spelled otherwise than `JSON.stringify` would: it has spaces or escapes. */
  needsRespelling = false;
  /**
   * Hash of all keys and of how containers hold each other: records of the same shape have the same entries, and differ
   * in their values only. Two numbers, so that two shapes are not taken for one by chance.
   */
  shape = 0;
  shapeCheck = 0;

  readonly #scanner = new TapeScanner(this);
  #lineStart = 0;
  #lineEnd = 0;
  #line: string | undefined;

  /** Reads the record at `[start, end)`; false when it is not plain. Unless it is ASCII it must be valid UTF-8. */
  read(bytes: Buffer, start: number, end: number): boolean {
    const scanner = this.#scanner;
    if (!scanner.read(bytes, start, end)) return false;
    this.bytes = bytes;
    this.count = scanner.count;
    this.isAscii = scanner.isAscii;
    this.needsRespelling = scanner.needsRespelling;
    this.shape = scanner.shape;
    this.shapeCheck = scanner.shapeCheck;
    this.#lineStart = start;
    this.#lineEnd = end;
    this.#line = undefined;
    return true;
  }

  /** Text of the bytes `[from, to)`, which lie in the record. */
  slice(from: number, to: number): string {
    if (!this.isAscii) return this.bytes.toString('utf8', from, to);
    this.#line ??= this.bytes.toString('latin1', this.#lineStart, this.#lineEnd);
    return this.#line.slice(from - this.#lineStart, to - this.#lineStart);
  }

  /** Text of a string, or the JSON spelling of a number, boolean or null. */
  text(entry: number): string {
    if (this.type[entry] === tapeTypes.escaped) return String(this.value(entry));
    return this.slice(this.start[entry] ?? 0, this.end[entry] ?? 0);
  }

  /** A string, number, boolean or null as JavaScript has it; undefined for a container. */
  value(entry: number): string | number | boolean | null | undefined {
    switch (this.type[entry] ?? 0) {
      case tapeTypes.string:
        return this.slice(this.start[entry] ?? 0, this.end[entry] ?? 0);
      case tapeTypes.escaped:
        return JSON.parse(this.slice((this.start[entry] ?? 0) - 1, (this.end[entry] ?? 0) + 1)) as string;
      case tapeTypes.integer:
      case tapeTypes.real:
        return this.numbers[entry];
      case tapeTypes.true:
        return true;
      case tapeTypes.false:
        return false;
      case tapeTypes.null:
        return null;
      default:
        return undefined;
    }
  }

  isContainer(entry: number): boolean {
    return (this.type[entry] ?? 0) >= tapeTypes.object;
  }

  /** Entry of an object's member by the hash of its key; -1 when it has none. */
  member(object: number, hash: number): number {
    const { next, keyHash } = this;
    const end = next[object] ?? 0;
    for (let entry = object + 1; entry < end; entry = next[entry] ?? end) {
      if (keyHash[entry] === hash) return entry;
    }
    return -1;
  }
}
