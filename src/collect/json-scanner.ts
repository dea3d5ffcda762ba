import { keyHashFactor, maxTapeEntries, tapeTypes, type TapeEntries } from './tape-entries.ts';

/** Deeper nesting than any log writes; what is deeper is left to `JSON.parse` and its bounds. */
const maxDepth = 64;
const slotBits = 11;
const slotMask = (1 << slotBits) - 1;

const space = 32;
const quote = 34;
const comma = 44;
const minus = 45;
const point = 46;
const zero = 48;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const smallE = 101;
const smallF = 102;
const smallN = 110;
const smallT = 116;
const openBrace = 123;
const closeBrace = 125;
const lastPrintable = 126;
const trueWord = { bytes: Buffer.from('true'), type: tapeTypes.true };
const falseWord = { bytes: Buffer.from('false'), type: tapeTypes.false };
const nullWord = { bytes: Buffer.from('null'), type: tapeTypes.null };

/** Reads the bytes of a record to the entries of a tape. What makes a record plain is said at `JsonTape`. */
export class TapeScanner {
  /** Outcome of the last record that was read; see `JsonTape`. */
  count = 0;
  shape = 0;
  shapeCheck = 0;
  isAscii = true;
  needsRespelling = false;

  readonly #entries: TapeEntries;
  #bytes: Buffer = Buffer.alloc(0);
  #limit = 0;
  /** The container that is being read. */
  #container = 0;
  #inObject = true;
  #depth = 0;
  readonly #slotKeys = new Int32Array(1 << slotBits);
  readonly #slotOwners = new Int32Array(1 << slotBits);
  /** Smaller owners are those of earlier records, so that the table need not be cleared for each. */
  #firstOwner = 1;

  constructor(entries: TapeEntries) {
    this.#entries = entries;
  }

  /** Reads the record at `[start, end)`; false when it is not plain. */
  read(bytes: Buffer, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#limit = end;
    this.isAscii = true;
    this.needsRespelling = false;
    this.#firstOwner += maxTapeEntries;
    if (this.#firstOwner > 2 ** 31 - 2 * maxTapeEntries) {
      this.#slotOwners.fill(0);
      this.#firstOwner = 1;
    }
    if (bytes[start] !== openBrace || bytes[start + 1] === closeBrace) return false;
    this.shape = 0;
    this.shapeCheck = 0;
    this.#depth = 0;
    this.#open(0, start, openBrace);
    this.count = 1;
    return this.#members(start + 1) === end;
  }

  /** Reads on until the record is closed; the place after it, or -1. */
  #members(from: number): number {
    const bytes = this.#bytes;
    let at = from;
    while (this.#depth > 0) {
      const entry = this.count++;
      if (entry === maxTapeEntries) return -1;
      if (bytes[at] === space) at = this.#skipSpace(at);
      if (this.#inObject) at = this.#key(entry, at);
      if (at < 0) return -1;
      this.#entries.parent[entry] = this.#container;
      const byte = bytes[at] ?? 0;
      if (byte === openBrace || byte === openBracket) {
        if (this.#depth === maxDepth) return -1;
        this.#open(entry, at, byte);
        at++;
        if (bytes[at] !== (this.#inObject ? closeBrace : closeBracket)) continue;
      } else {
        at = this.#value(entry, at, byte);
        if (at < 0) return -1;
      }
      at = bytes[at] === comma ? at + 1 : this.#close(at);
      if (at < 0) return -1;
    }
    return at;
  }

  #open(entry: number, at: number, byte: number): void {
    this.#inObject = byte === openBrace;
    this.#container = entry;
    this.#depth++;
    this.#entries.type[entry] = this.#inObject ? tapeTypes.object : tapeTypes.array;
    this.#entries.start[entry] = at;
    this.shape = Math.imul(this.shape ^ byte, 0x85eb_ca6b);
  }

  /** Closes containers up to a comma or the end of the record; the place after it, or -1. */
  #close(from: number): number {
    let container = this.#container;
    for (let at = from; ;) {
      const byte = this.#bytes[at++];
      if (byte === comma) {
        this.#container = container;
        return at;
      }
      if (byte !== (this.#inObject ? closeBrace : closeBracket)) return -1;
      this.#entries.end[container] = at;
      this.#entries.next[container] = this.count;
      container = this.#entries.parent[container] ?? 0;
      if (--this.#depth === 0) return at;
      this.#inObject = this.#entries.type[container] === tapeTypes.object;
      this.shape = Math.imul(this.shape ^ this.count, 0xc2b2_ae35);
    }
  }

  /** Reads `"key":`; the place after it, or -1. */
  #key(entry: number, at: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== quote) return -1;
    const from = at + 1;
    const limit = this.#limit;
    let to = from;
    let hash = 0;
    for (; to < limit; to++) {
      const byte = bytes[to] ?? 0;
      if (byte === quote) break;
      if (byte === backslash || byte < 32 || byte > lastPrintable) return -1;
      hash = (Math.imul(hash, keyHashFactor) + byte) | 0;
    }
    if (bytes[to + 1] !== colon || isDigit(bytes[from] ?? 0)) return -1;
    this.#entries.keyStart[entry] = from;
    this.#entries.keyEnd[entry] = to;
    this.#entries.keyHash[entry] = hash;
    this.shape = Math.imul(this.shape ^ hash, 0x9e37_79b1);
    this.shapeCheck = (Math.imul(this.shapeCheck, 0x85eb_ca6b) + hash) | 0;
    if (this.#isSecond(hash)) return -1;
    return bytes[to + 2] === space ? this.#skipSpace(to + 2) : to + 2;
  }

  #skipSpace(at: number): number {
    this.needsRespelling = true;
    return at + 1;
  }

  /** True when the container has the key already, or one of the same hash: then the slower way looks closer. */
  #isSecond(hash: number): boolean {
    const container = this.#container;
    const keys = this.#slotKeys;
    const owners = this.#slotOwners;
    const firstOwner = this.#firstOwner;
    const owner = firstOwner + container;
    let slot = (Math.imul(hash, 0x85eb_ca6b) + Math.imul(container, 0x9e37_79b1)) >>> (32 - slotBits);
    while ((owners[slot] ?? 0) >= firstOwner) {
      if (owners[slot] === owner && keys[slot] === hash) return true;
      slot = (slot + 1) & slotMask;
    }
    owners[slot] = owner;
    keys[slot] = hash;
    return false;
  }

  #value(entry: number, at: number, first: number): number {
    this.#entries.next[entry] = entry + 1;
    return first === quote ? this.#string(entry, at + 1) : this.#scalar(entry, at, first);
  }

  /** Reads a string whose first byte stands at `from`; the place after its closing quote, or -1. */
  #string(entry: number, from: number): number {
    const bytes = this.#bytes;
    const limit = this.#limit;
    this.#entries.type[entry] = tapeTypes.string;
    this.#entries.start[entry] = from;
    for (let at = from; at < limit; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) {
        this.#entries.end[entry] = at;
        return at + 1;
      }
      if (byte < 32) return -1;
      if (byte > lastPrintable) this.isAscii = false;
      if (byte !== backslash) continue;
      at = escapeEnd(bytes, at);
      if (at < 0) return -1;
      this.#entries.type[entry] = tapeTypes.escaped;
      this.needsRespelling = true;
    }
    return -1;
  }

  #scalar(entry: number, from: number, first: number): number {
    if (first === smallT) return this.#word(entry, from, trueWord);
    if (first === smallF) return this.#word(entry, from, falseWord);
    if (first === smallN) return this.#word(entry, from, nullWord);
    const bytes = this.#bytes;
    const isNegative = first === minus;
    const digits = isNegative ? from + 1 : from;
    let at = digits;
    let value = 0;
    for (; isDigit(bytes[at] ?? 0); at++) value = value * 10 + ((bytes[at] ?? 0) - zero);
    const after = bytes[at];
    if (after === point || after === smallE) return this.#real(entry, from);
    const hasOddZero = bytes[digits] === zero && (at > digits + 1 || isNegative);
    if (at === digits || hasOddZero || value > Number.MAX_SAFE_INTEGER) return -1;
    this.#entries.type[entry] = tapeTypes.integer;
    this.#entries.start[entry] = from;
    this.#entries.end[entry] = at;
    this.#entries.numbers[entry] = isNegative ? -value : value;
    return at;
  }

  /** `true`, `false` or `null`. */
  #word(entry: number, from: number, { bytes: word, type }: { readonly bytes: Buffer; readonly type: number }): number {
    for (let index = 1; index < word.length; index++) {
      if (this.#bytes[from + index] !== word[index]) return -1;
    }
    const to = from + word.length;
    // What is null counts as absent, so a record with it has another shape than one with a value in its place.
    if (type === tapeTypes.null) this.shape = Math.imul(this.shape ^ smallN, 0xc2b2_ae35);
    this.#entries.type[entry] = type;
    this.#entries.start[entry] = from;
    this.#entries.end[entry] = to;
    return to;
  }

  #real(entry: number, from: number): number {
    let to = from;
    // No number that JavaScript writes is longer.
    while (to - from < 26 && isNumberByte(this.#bytes[to] ?? 0)) to++;
    const text = this.#bytes.toString('latin1', from, to);
    const value = Number(text);
    if (String(value) !== text || Number.isInteger(value)) return -1;
    this.#entries.type[entry] = tapeTypes.real;
    this.#entries.start[entry] = from;
    this.#entries.end[entry] = to;
    this.#entries.numbers[entry] = value;
    return to;
  }
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= 57;
}

function isNumberByte(byte: number): boolean {
  return isDigit(byte) || byte === minus || byte === 43 || byte === point || byte === smallE;
}

/**
 * Place of the last byte of an escape that begins at `at`; -1 when it is none of RFC 8259, or half of a pair (`\\ud83d`),
 * whose other half may be missing.
 */
function escapeEnd(bytes: Buffer, at: number): number {
  const kind = String.fromCharCode(bytes[at + 1] ?? 0);
  if (kind !== 'u') return '"\\/bfnrt'.includes(kind) ? at + 1 : -1;
  return /^(?![dD][89a-fA-F])[0-9a-fA-F]{4}$/.test(bytes.toString('latin1', at + 2, at + 6)) ? at + 5 : -1;
}
