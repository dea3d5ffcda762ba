import type { FieldReference } from './condition.ts';

/** Why a field cannot be had from these events: shown to the user as the reason that a rule cannot fire. */
export interface Absent {
  readonly absent: string;
}

export function isAbsent(answer: object): answer is Absent {
  return 'absent' in answer;
}

export type Scalar = string | number | bigint | boolean | Uint8Array;
/** What a getter may return; null and undefined are absent. */
export type StreamValue = Scalar | readonly (Scalar | null)[] | null | undefined;

/**
 * A field of a live record. `type` promises what `get` returns besides null and undefined, and lets the compiler leave
 * checks out: `text` a string, `number` a number or big integer, `list` an array, `scalar` no array; `any` promises nothing.
 */
export interface StreamField<R> {
  readonly type: 'text' | 'number' | 'boolean' | 'scalar' | 'list' | 'any';
  readonly get: (record: R) => StreamValue;
  /** True when reading it means to take a text apart, so that rules ask for it last. */
  readonly isParsed?: boolean;
  /**
   * Shows texts that cost less than the values, in which the plain runs of a value's text stand too, in capital or small letters: ASCII
   * letters, digits, spaces, `_`, `.`, `-`, and `:` behind one of these; numbers may be written in another way. False for a record that
   * has none such. Fields with the same texts have the same function.
   */
  readonly plainTexts?: (record: R, show: (text: string) => void) => boolean;
}

/** Turns the fields of a rule's language into getters over records of the caller's own type. */
export interface StreamResolver<R> {
  field(reference: FieldReference): StreamField<R> | Absent;
  /** Texts of all fields of a record, for keywords. */
  allFields(): StreamField<R> | Absent;
}

/** What the expression gives; `ip` is canonical address text, `time` a timestamp that tests see as µs since 1970. */
export type SqlType = 'text' | 'integer' | 'real' | 'boolean' | 'time' | 'ip' | 'text[]' | 'integer[]';

/** A field of stored events: an SQL expression over one row (a column, a JSON member, a list of columns). */
export interface SqlField {
  readonly sql: string;
  readonly type: SqlType;
}

/** Turns the fields of a rule's language into expressions over the rows of one table. */
export interface SqlResolver {
  field(reference: FieldReference): SqlField | Absent;
  /** All texts of a row, as `text[]` or `text`. */
  allFields(): SqlField | Absent;
}
