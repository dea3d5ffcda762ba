/**
 * SQL that engines spell differently, for conditions. Arguments and results are SQL text; a result over a null value may be
 * null, which `sql/` closes off. One file for each store engine implements it.
 */
export interface ConditionDialect {
  /** A constant; any text, zero characters included. */
  text(value: string): string;
  integer(value: bigint): string;
  real(value: number): string;
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
  /** The value where it is a whole number below 2^127 (of text: of up to 38 digits), as a 128-bit integer, else null. */
  wholeOfText(text: string): string;
  wholeOfReal(real: string): string;
  /** Text that is another finite number, as a double, else null. */
  realOfText(text: string): string;
  /** Null for NaN. */
  realOfReal(real: string): string;
  wholeToReal(whole: string): string;
  /** IPv4 address text as a number below 2^32, IPv6 text as one below 2^128 (IPv4-mapped included); null for other text. */
  ipv4Number(text: string): string;
  ipv6Number(text: string): string;
  /** Lists. `condition` and `map` take the name of one value. */
  list(values: readonly string[]): string;
  concatLists(lists: readonly string[]): string;
  mapList(list: string, map: (value: string) => string): string;
  filterList(list: string, condition: (value: string) => string): string;
  listLength(list: string): string;
}
