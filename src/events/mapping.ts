import type { EventOf, KindId } from './event.ts';

/**
 * How a source's record becomes an event, as data: one declaration that is executed two ways which must agree,
 * record by record in JavaScript (`collect/mapping/`) and a column at a time in the store (`store/duckdb/bulk/`).
 */

/**
 * What is done to the value at a path. Absent, null and (where the format has one) the unset mark give null.
 * - `text` as it stands; numbers and booleans in their JSON spelling; objects and lists as JSON text
 * - `lower` text with A to Z in lower case · `name` a DNS name: lower case, final dot dropped · `hostname` that, freed of a port behind it · `hex` lower case, colons dropped
 * - `integer`, `real`, `boolean` (`T`/`F`, `true`/`false`); other text is a bad value
 * - `ip` an address in canonical text (RFC 5952; IPv4-mapped IPv6 becomes IPv4, a zone is cut off)
 * - `seconds` epoch seconds (past the year 10000: milliseconds) or ISO 8601 text to µs · `iso` ISO 8601 text to µs · `interval` seconds to a duration in µs
 * - `list` list of text; a single value becomes a list of one; an empty list stays a list
 * - `ips` those entries of a list that are addresses
 * - `joined` the entries of a list joined by a comma
 * - `json` JSON text of whatever stands there
 */
export type Conversion =
  | 'text'
  | 'lower'
  | 'name'
  | 'hostname'
  | 'hex'
  | 'integer'
  | 'real'
  | 'boolean'
  | 'ip'
  | 'seconds'
  | 'iso'
  | 'interval'
  | 'list'
  | 'ips'
  | 'joined'
  | 'json';

export type Reader =
  /**
   * The value at a path. In a flat record (Zeek) the path is the field's whole name, dots included; in a nested one
   * (EVE) it is dotted, and `[]` walks a list: `dns.answers[].rdata`. Conversions to one value take the first entry of
   * such a list, and leave the list in `fields` too when it has more. `table` replaces text by text after the conversion
   * (in a list, each entry); what the table lacks becomes `otherwise`, or stays itself.
   */
  | {
      readonly path: string;
      readonly as: Conversion;
      readonly table?: Readonly<Record<string, string>>;
      readonly otherwise?: string;
    }
  | { readonly constant: string | number | boolean }
  /** The first of several that is not null; what only the later ones would have read stays in `fields`. */
  | { readonly first: readonly Reader[] }
  /** Difference of two numbers or times; null when one is null. */
  | { readonly minus: readonly [Reader, Reader] }
  /** Sum of two numbers; null when both are null, else null counts as 0. */
  | { readonly plus: readonly [Reader, Reader] }
  /** Texts one after another with `by` between them; nulls are left out, and all null gives null. `table` as above. */
  | {
      readonly join: readonly Reader[];
      readonly by: string;
      readonly table?: Readonly<Record<string, string>>;
      readonly otherwise?: string;
    };

export type MappedColumns<K extends KindId> = { readonly [Name in keyof Omit<EventOf<K>, 'kind'>]?: Reader };

/** One record type to one kind. What no reader took lands in `fields`, except the paths in `drop`. */
export interface Mapping<K extends KindId = KindId> {
  readonly kind: K;
  readonly columns: MappedColumns<K>;
  readonly drop?: readonly string[];
  /** Paths that stay in `fields` although a reader takes them, because its column says less. */
  readonly keep?: readonly string[];
  /** The whole record stays in `fields`: rules are written for it. */
  readonly keepsRecord?: true;
}
