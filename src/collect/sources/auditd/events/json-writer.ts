import { hexDigit, byteClass, isSpecial } from '../records/bytes.ts';
import { hasSpecial, type Fields } from '../records/fields.ts';
import type { Key } from '../records/keys.ts';
import { isHexText, textAt } from '../records/values.ts';

const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const quote = 0x22;

/**
 * Writes one JSON object into bytes that are used again. Values of records are copied as bytes where they need no
 * escaping, which is nearly always; that is several times faster than putting strings together.
 */
export class JsonWriter {
  #bytes = Buffer.allocUnsafe(65_536);
  #length = 0;
  #isPlain = true;
  #needsComma = false;

  start(): void {
    this.#length = 0;
    this.#isPlain = true;
    this.#needsComma = false;
    this.#byte(openBrace);
  }

  /** The object as text; null when it has no member. */
  finish(): string | null {
    if (this.#length === 1) return null;
    this.#byte(closeBrace);
    const end = this.#length;
    return this.#isPlain ? this.#bytes.toString('latin1', 0, end) : this.#bytes.toString('utf8', 0, end);
  }

  openObject(name?: Key): void {
    this.#opening(name, openBrace);
  }

  closeObject(): void {
    this.#byte(closeBrace);
    this.#needsComma = true;
  }

  openList(name: Key): void {
    this.#opening(name, openBracket);
  }

  closeList(): void {
    this.#byte(closeBracket);
    this.#needsComma = true;
  }

  /** A member with the value that stands in a record, decoded. */
  field(fields: Fields, index: number): void {
    const name = fields.keys[index];
    if (name === undefined) return;
    const from = fields.starts[index] ?? 0;
    const to = fields.ends[index] ?? 0;
    if (isHexText(fields, index)) {
      if (!this.#hex(name, fields.memory.bytes, from, to)) this.text(name, textAt(fields, index));
      return;
    }
    if (((fields.marks[index] ?? 0) & hasSpecial) !== 0) {
      this.text(name, textAt(fields, index));
      return;
    }
    this.#reserve(name.opening.length + to - from + 2);
    this.#name(name);
    this.#copy(fields.memory.bytes, from, to);
    this.#bytes[this.#length++] = quote;
  }

  number(name: Key, value: number): void {
    const digits = String(value);
    this.#reserve(name.opening.length + digits.length + 2);
    this.#name(name);
    this.#length--;
    for (let at = 0; at < digits.length; at++) this.#bytes[this.#length++] = digits.charCodeAt(at);
  }

  text(name: Key, value: string): void {
    this.#reserve(name.opening.length + value.length + 2);
    this.#name(name);
    const start = this.#length;
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at);
      if (code > 0x7e || ((byteClass[code] ?? 0) & isSpecial) !== 0 || code < 0x20) {
        this.#length = start;
        this.#escaped(value);
        return;
      }
      this.#bytes[this.#length++] = code;
    }
    this.#bytes[this.#length++] = quote;
  }

  /** The value with escapes, and the closing quote; the opening one is there. */
  #escaped(value: string): void {
    const json = JSON.stringify(value);
    // A character of the text takes three bytes of UTF-8 at most.
    this.#reserve(3 * json.length);
    this.#length += this.#bytes.write(json.slice(1), this.#length, 'utf8');
    this.#isPlain = false;
  }

  #hex(name: Key, bytes: Uint8Array, from: number, to: number): boolean {
    this.#reserve(name.opening.length + to - from + 2);
    const start = this.#length;
    const neededComma = this.#needsComma;
    this.#name(name);
    for (let at = from; at < to; at += 2) {
      const byte = ((hexDigit[bytes[at] ?? 0] ?? 0) << 4) | (hexDigit[bytes[at + 1] ?? 0] ?? 0);
      if (((byteClass[byte] ?? 0) & isSpecial) !== 0) {
        this.#length = start;
        this.#needsComma = neededComma;
        return false;
      }
      this.#bytes[this.#length++] = byte;
    }
    this.#bytes[this.#length++] = quote;
    return true;
  }

  #opening(name: Key | undefined, byte: number): void {
    this.#reserve((name?.opening.length ?? 0) + 2);
    if (name === undefined) {
      if (this.#needsComma) this.#bytes[this.#length++] = comma;
    } else {
      this.#name(name);
      this.#length--;
    }
    this.#bytes[this.#length++] = byte;
    this.#needsComma = false;
  }

  /** `,"name":"` without a check for room. */
  #name(name: Key): void {
    if (this.#needsComma) this.#bytes[this.#length++] = comma;
    this.#copy(name.opening, 0, name.opening.length);
    if (!name.isAscii) this.#isPlain = false;
    this.#needsComma = true;
  }

  #copy(from: Uint8Array, start: number, end: number): void {
    const bytes = this.#bytes;
    let length = this.#length;
    for (let at = start; at < end; at++) bytes[length++] = from[at] ?? 0;
    this.#length = length;
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(needed * 2);
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
