import type { FlatColumn, FlatForm } from '../../store/bulk.ts';
import { flatValueEnd, isAt } from './flat-values.ts';

const carriageReturn = 13;
const space = 32;
const quote = 34;
const comma = 44;
const colon = 58;
const openBrace = 123;
const closeBrace = 125;

/**
 * Looks whether a line of JSON is a flat record of known columns, each key once and each value in its form, so that a
 * store may take it as it is. Walks over the bytes and makes nothing of them.
 */
export class FlatJson {
  readonly #keys: readonly Buffer[];
  readonly #forms: readonly FlatForm[];
  readonly #byKey: ReadonlyMap<string, number>;
  /** Number of the last line that had the column. */
  readonly #lastSeen: Int32Array;
  #line = 0;

  constructor(columns: readonly FlatColumn[]) {
    this.#keys = columns.map(({ name }) => Buffer.from(`${name}"`));
    this.#forms = columns.map(({ form }) => form);
    this.#byKey = new Map(columns.map(({ name }, index) => [name, index]));
    this.#lastSeen = new Int32Array(columns.length);
  }

  /** True when the line `bytes[start, end)` fits; false for any other, also for one that JSON would allow to be the same. */
  fits(bytes: Buffer, start: number, end: number): boolean {
    const last = bytes[end - 1] === carriageReturn ? end - 2 : end - 1;
    if (bytes[start] !== openBrace || bytes[last] !== closeBrace) return false;
    this.#line++;
    let at = start + 1;
    let expected = 0;
    while (at < last) {
      if (bytes[at++] !== quote) return false;
      const column = this.#columnAt(bytes, at, last, expected);
      if (column < 0 || this.#lastSeen[column] === this.#line) return false;
      this.#lastSeen[column] = this.#line;
      expected = column + 1;
      at += this.#keys[column]?.length ?? 0;
      if (bytes[at++] !== colon) return false;
      if (bytes[at] === space) at++;
      at = flatValueEnd(this.#forms[column] ?? 'left', bytes, at, last);
      if (at < 0) return false;
      if (at === last) return true;
      if (bytes[at++] !== comma) return false;
      if (bytes[at] === space) at++;
    }
    return false;
  }

  /** Column whose key stands at `at`: mostly the one after the column before, since a log writes its keys in one order. */
  #columnAt(bytes: Buffer, at: number, end: number, expected: number): number {
    const key = this.#keys[expected];
    if (key !== undefined && isAt(bytes, at, key)) return expected;
    const close = bytes.indexOf(quote, at);
    if (close < 0 || close >= end) return -1;
    return this.#byKey.get(bytes.toString('latin1', at, close)) ?? -1;
  }
}
