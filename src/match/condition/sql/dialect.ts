/**
 * SQL that engines spell differently, for conditions. Arguments and results are SQL text; a result over a null value may be
 * null, which `sql/` closes off. One file for each store engine implements it.
 */
export interface ConditionDialect {
  /** A constant; any text, zero characters included. */
  text(value: string): string;
  integer(value: bigint): string;
  real(value: number): string;
  /** Below 2^128, to compare with `addressNumber`. */
  address(value: bigint): string;
  /** Scalars. */
  lower(text: string): string;
  /** Lower or upper case of A to Z only. */
  asciiLower(text: string): string;
  asciiUpper(text: string): string;
  contains(text: string, part: string): string;
  startsWith(text: string, prefix: string): string;
  endsWith(text: string, suffix: string): string;
  /** The RE2 pattern matches somewhere. */
  matches(text: string, pattern: string): string;
  /** What follows the last slash. */
  basename(text: string): string;
  /** A slash before each component of a path and one at the end, none twice. */
  tidyPath(text: string): string;
  byteLength(text: string): string;
  /** UTF-8 bytes as upper-case hexadecimal digits. */
  hex(text: string): string;
  /** Text of strict base64; null for other text and for bytes that are no UTF-8. */
  base64Text(text: string): string;
  join(list: string, separator: string): string;
  /** Texts of values of other types, as `values.ts` defines them. */
  integerText(integer: string): string;
  realText(real: string): string;
  booleanText(boolean: string): string;
  micros(time: string): string;
  /**
   * A number in one of two parts, the other null: a 128-bit integer for whole numbers below 1.7e38, a double for the rest. Both
   * are null for NaN and for text that is no number.
   */
  wholeOfText(text: string): string;
  realOfText(text: string): string;
  wholeOfReal(real: string): string;
  realOfReal(real: string): string;
  /** False for NaN, null for null. */
  isNumber(real: string): string;
  wholeToReal(whole: string): string;
  /** Address text in any form that `parseIp` takes as a number in the IPv6 space, IPv4 at ::ffff:0:0/96; null for other text. */
  addressNumber(text: string): string;
  /** `body` over a value that is computed once. */
  bind(value: string, body: (name: string) => string): string;
  /** Lists. `condition` and `map` take the name of one value. */
  list(values: readonly string[]): string;
  concatLists(lists: readonly string[]): string;
  mapList(list: string, map: (value: string) => string): string;
  filterList(list: string, condition: (value: string) => string): string;
  listLength(list: string): string;
}
