import { quote, type ProblemList } from '../base/problem.ts';

/** The text of one JSON object, cut out of a line or gathered from several. */
export interface JsonPiece {
  readonly bytes: Buffer;
  /** Line that it begins on. */
  readonly line: number;
}

/** An object that is not closed yet: where it began. */
export interface OpenObject {
  readonly line: number;
  readonly byte: number;
}

/** Longest object that is gathered from several lines: an attacker can leave one open for ever. */
const maxObjectBytes = 16 * 1024 * 1024;
/** Every attempt reads to the end of the line, so a line of many beginnings must not be taken at its word. */
const maxRescues = 8;

const newline = 10;
const quoteByte = 34;
const backslash = 92;
const openBrace = 123;
const closeBrace = 125;

/**
 * Finds objects where they do not stand one on a line: one after another, in a list, spread over lines, behind the rest
 * of a record that was never finished. Commas, brackets and blanks between objects mean nothing; other text is a problem.
 */
export class JsonSpread {
  readonly #problems: ProblemList;
  #open: OpenObject | undefined;
  #hasPrefix = false;
  #gathered: Buffer = Buffer.alloc(0);
  #gatheredBytes = 0;
  #depth = 0;

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  get open(): OpenObject | undefined {
    return this.#open;
  }

  /**
   * Takes a line (without its end) and returns the objects that it completes. `byte` is where it stands; `ifCut` is the
   * problem that an object is which ends in a string with the line.
   */
  take(bytes: Buffer, line: number, byte: number, ifCut: 'bad-record' | 'truncated'): JsonPiece[] {
    const pieces: JsonPiece[] = [];
    let at = this.#open === undefined ? 0 : this.#continue(bytes, pieces);
    for (let rescues = 0; at < bytes.length;) {
      const from = this.#nextObject(bytes, at, line);
      if (from < 0) break;
      this.#depth = 0;
      const end = this.#scan(bytes, from);
      if (end > 0) {
        pieces.push({ bytes: bytes.subarray(from, end), line });
        at = end;
        continue;
      }
      const next = rescues++ < maxRescues ? sameBeginning(bytes, from) : -1;
      if (next > 0 || end === insideString) {
        this.#damaged(bytes.subarray(from, next > 0 ? next : bytes.length), line, next > 0 ? 'bad-record' : ifCut);
        at = next > 0 ? next : bytes.length;
        continue;
      }
      this.#open = { line, byte: byte + from };
      this.#gather(bytes.subarray(from));
      break;
    }
    return pieces;
  }

  /** Gives up the open object: a new record begins where it should have gone on, or the content ends. */
  abandon(code: 'bad-record' | 'truncated'): void {
    if (this.#open === undefined) return;
    const text = quote(this.#gathered.toString('utf8', 0, Math.min(200, this.#gatheredBytes)));
    const message = `a record that begins here is never closed: ${text}`;
    this.#problems.add({ code, at: { line: this.#open.line, byte: this.#open.byte }, message });
    this.#reset();
  }

  /** Reads a further line of the open object; the place after it, or after the line. */
  #continue(bytes: Buffer, pieces: JsonPiece[]): number {
    const line = this.#open?.line ?? 0;
    const end = this.#scan(bytes, 0);
    if (end === insideString) {
      this.abandon('bad-record');
      return 0;
    }
    this.#gather(end > 0 ? bytes.subarray(0, end) : bytes);
    if (end > 0) {
      pieces.push({ bytes: this.#gathered.subarray(0, this.#gatheredBytes), line });
      this.#reset();
      return end;
    }
    if (this.#gatheredBytes > maxObjectBytes) {
      const message = `a record of more than ${maxObjectBytes} bytes is not closed; it was skipped`;
      this.#problems.add({ code: 'record-too-long', at: { line, byte: this.#open?.byte ?? 0 }, message });
      this.#reset();
    }
    return bytes.length;
  }

  /** Copies a line, because whoever gave it may use its memory again. */
  #gather(bytes: Buffer): void {
    const needed = this.#gatheredBytes + bytes.length + 1;
    if (needed > this.#gathered.length) {
      const larger = Buffer.alloc(Math.max(needed, 2 * this.#gathered.length, 4096));
      this.#gathered.copy(larger, 0, 0, this.#gatheredBytes);
      this.#gathered = larger;
    }
    bytes.copy(this.#gathered, this.#gatheredBytes);
    this.#gathered[needed - 1] = newline;
    this.#gatheredBytes = needed;
  }

  #reset(): void {
    this.#open = undefined;
    this.#gathered = Buffer.alloc(0);
    this.#gatheredBytes = 0;
    this.#depth = 0;
  }

  /** Place of the next opening brace; what stands before it and is no separator is a problem. */
  #nextObject(bytes: Buffer, from: number, line: number): number {
    let at = from;
    while (at < bytes.length && isSeparator(bytes[at] ?? 0)) at++;
    if (at === bytes.length) return -1;
    const found = bytes.indexOf(openBrace, at);
    const to = found < 0 ? bytes.length : found;
    if (to > at) this.#strange(bytes.toString('utf8', at, to), line, from === 0 && found > 0);
    return found;
  }

  /** Transports put the same before every record (`@cee: `, a time and a name): that is told once. */
  #strange(text: string, line: number, isPrefix: boolean): void {
    if (isPrefix && this.#hasPrefix) return;
    this.#hasPrefix ||= isPrefix;
    const message = `text that is no JSON object${isPrefix ? ' stands before a record' : ''}: ${quote(text)}`;
    this.#problems.add({ code: 'bad-record', at: { line }, message });
  }

  /** Place after the brace that closes the object; 0 when it stays open, `insideString` when a string does. */
  #scan(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === quoteByte) {
        at = endOfString(bytes, at);
        if (at < 0) return insideString;
      } else if (byte === openBrace) {
        this.#depth++;
      } else if (byte === closeBrace) {
        this.#depth--;
        if (this.#depth === 0) return at + 1;
      }
    }
    return 0;
  }

  #damaged(bytes: Buffer, line: number, code: 'bad-record' | 'truncated'): void {
    const message = `a record is cut: ${quote(bytes.toString('utf8', 0, 200))}`;
    this.#problems.add({ code, at: { line }, message });
  }
}

const insideString = -1;

/** Place of the closing quote; -1 when the string goes on past the line, which no JSON string does. */
function endOfString(bytes: Buffer, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    if (bytes[at] === quoteByte) return at;
    if (bytes[at] === backslash) at++;
  }
  return -1;
}

/** Blanks, what stands between the entries of a list, and the marks of RFC 7464 and of UTF-8 (EF BB BF). */
function isSeparator(byte: number): boolean {
  return byte <= 32
    ? byte > 0
    : ',[]'.includes(String.fromCharCode(byte)) || byte === 0xef || byte === 0xbb || byte === 0xbf;
}

/** Where another record begins as this one does (`{"timestamp"`): a writer was stopped in a record and went on with a new one. */
function sameBeginning(bytes: Buffer, from: number): number {
  if (bytes[from + 1] !== quoteByte) return -1;
  const end = bytes.indexOf(quoteByte, from + 2);
  // Keys are short; a long one is none.
  if (end < 0 || end - from > 64) return -1;
  return bytes.indexOf(bytes.subarray(from, end + 1), end);
}
