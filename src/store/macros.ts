import type { IpRange } from '../base/ip.ts';
import type { ConditionDialect } from '../match/condition/sql/dialect.ts';

/**
 * SQL that engines spell differently, by names of ours. An analytic writes plain SQL and takes these pieces from
 * `context.store.macros`; one file per engine implements them. Arguments and results are SQL text.
 */
export interface Macros {
  /** What conditions of rules are written with. */
  readonly conditions: ConditionDialect;
  /** µs since 1970 of a time column, as a whole number. */
  micros(time: string): string;
  /** Seconds since 1970 of a time column, as a floating number. */
  seconds(time: string): string;
  /** A µs number as the engine's time type. */
  toTime(micros: string): string;
  /** Start of the UTC day or hour of a time column, in µs as a whole number. */
  dayMicros(time: string): string;
  hourMicros(time: string): string;
  /** Aggregates. */
  countDistinct(expression: string): string;
  countIf(condition: string): string;
  sumIf(expression: string, condition: string): string;
  quantile(expression: string, q: number): string;
  median(expression: string): string;
  standardDeviation(expression: string): string;
  anyOf(expression: string): string;
  /** The value of `expression` in the row where `by` is smallest or largest. */
  firstBy(expression: string, by: string): string;
  lastBy(expression: string, by: string): string;
  /** List of values in the order of `by`, at most `limit` when given. */
  listOf(expression: string, by?: string, limit?: number): string;
  /** The values in the `count` rows where `by`, columns that are compared one after another, is smallest: holds no more. */
  firstsBy(expression: string, by: readonly string[], count: number): string;
  distinctListOf(expression: string, limit?: number): string;
  /** Columns as one value, compared one after another: what rows are ranked by, so that no more of them are held than are wanted. */
  keyOf(columns: readonly string[]): string;
  /** Scalars. */
  lengthOf(text: string): string;
  listLength(list: string): string;
  /** The first entry of a list; null when there is none. */
  listFirst(list: string): string;
  /** Entry of a list, counted from 0; null past its end. */
  listEntry(list: string, index: number): string;
  /** A list of texts as JSON text; null for null. */
  listJson(list: string): string;
  listHas(list: string, value: string): string;
  /** True when a list column holds a value for which the condition over `x` holds. */
  listAny(list: string, condition: string): string;
  /** One row per entry: a table expression for FROM, its column named `value`. */
  unnest(list: string): string;
  startsWith(text: string, prefix: string): string;
  endsWith(text: string, suffix: string): string;
  contains(text: string, part: string): string;
  /** A JSON field of a JSON text column as text, by its key (keys may hold dots). */
  jsonText(json: string, key: string): string;
  /** A value at a path of keys, as text. */
  jsonPathText(json: string, path: readonly string[]): string;
  /** Texts of a member that may be a list; of any other value the list of its text. */
  jsonList(json: string, key: string): string;
  /** Texts of all members of a JSON object, as a list. */
  jsonTexts(json: string): string;
  /** Texts of a member of each of the first entries of a list in a JSON object, in one look at it; none where there is no such list. */
  jsonListMembers(json: string, list: string, member: string, most: number): string;
  /** A number that stands as text; null for other text and for what is not finite. */
  numberOf(text: string): string;
  /** Shannon entropy in bits per character of a text column. */
  entropy(text: string): string;
  /** Address text as a number in the IPv6 space (IPv4 at ::ffff:0:0/96); null for other text. */
  ipNumber(ip: string): string;
  /** True for an address text inside the case's local networks. */
  isLocal(ip: string): string;
  /** True for an address text inside one of the ranges. */
  isWithin(ip: string, ranges: readonly IpRange[]): string;
}
