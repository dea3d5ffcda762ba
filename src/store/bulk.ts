import type { Mapping } from '../events/mapping.ts';

/** Lines that share one record type and so one mapping. */
export interface BulkRoute {
  readonly mapping: Mapping;
  /** Value of `event_dataset` is part of the mapping's columns. */
  readonly id: string;
  /** JSON: all keys that its lines may have. */
  readonly columns?: readonly FlatColumn[];
}

/** Delimited text whose every line has exactly these columns (Zeek TSV). */
export interface DelimitedLayout {
  readonly type: 'delimited';
  readonly delimiter: string;
  readonly columns: readonly DelimitedColumn[];
  /** Text that stands for "not set", and for an empty string or list. */
  readonly unset: string;
  readonly empty: string;
  /** Separator of the entries of a list column. */
  readonly listSeparator: string;
  /** Lines that begin with it are not rows; they may stand at the end only, else the chunk is irregular. */
  readonly comment: string;
  /** What a text with a backslash in it means, in columns whose escapes are undone. */
  unescape(text: string): string;
}
export interface DelimitedColumn {
  readonly name: string;
  /** True for set and vector columns. */
  readonly isList: boolean;
  /** True for text columns, whose `\xNN` escapes are undone. */
  readonly isText: boolean;
  /** How a value (or each entry of a list) stands in `fields`; absent: as text. A `time` stands there as ISO 8601 text. */
  readonly json?: 'number' | 'boolean' | 'time';
}

/**
 * One flat JSON object a line: keys may have dots inside, values are no objects. The plan's route has looked at every value:
 * a line belongs to a route only when it has no keys but the route's columns, each once, and all values in their forms.
 */
export interface JsonLayout {
  readonly type: 'json';
}

/**
 * How the values of a flat column are written; all may be null or absent.
 * - `integer` up to 15 digits · `number` decimals below 10^11, no exponent · `boolean` · `text` · `ip` a canonical address
 * - `millis` a time as whole milliseconds · `iso` one as `2026-11-25T18:22:01.000042Z`
 * - `texts`, `numbers` lists of such · `left` any of these: it goes into `fields` as it is
 */
export type FlatForm =
  | 'integer'
  | 'number'
  | 'boolean'
  | 'text'
  | 'ip'
  | 'millis'
  | 'iso'
  | 'texts'
  | 'numbers'
  | 'left';
export interface FlatColumn {
  readonly name: string;
  readonly form: FlatForm;
}

/** How the store loads a content by columns. */
export interface BulkPlan {
  readonly layout: DelimitedLayout | JsonLayout;
  /** Bytes and lines before the first row. */
  readonly headerBytes: number;
  readonly headerLines: number;
  readonly routes: readonly BulkRoute[];
  /** `Checkpoint.state` with which `decode` can start at any row; it stays the same while the plan holds. */
  readonly resumeState?: string;
  /**
   * Index of the route that a line belongs to, from its bytes `[start, end)` without the line end; -1 when it cannot be
   * told, and then the line goes to `decode`. Absent when all lines take the first route.
   */
  readonly route?: (bytes: Uint8Array, start: number, end: number) => number;
}
