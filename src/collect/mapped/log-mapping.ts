import type { Problem } from '../../base/problem.ts';
import type { KindId } from '../../events/event.ts';
import type { Mapping } from '../../events/mapping.ts';
import type { Prepare } from './units.ts';

/** A log of somebody's own, made known by a mapping file. */
export interface LogMapping {
  /** Name of the source is `mapped/ID`. */
  readonly id: string;
  readonly format: 'jsonl' | 'csv';
  /** Keys that a record must have, and values that it must have at keys. */
  readonly keys: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  /** True where dots in a key are part of its name. CSV is always flat. */
  readonly isFlat: boolean;
  readonly mapping: Mapping<KindId>;
  /** By path: what is done to a value before it is converted. */
  readonly prepare: ReadonlyMap<string, Prepare>;
}

/** What a mapping file holds: a mapping when nothing is wrong with it, and all that is wrong. */
export interface MappingFile {
  readonly mapping: LogMapping | undefined;
  readonly problems: readonly Problem[];
}
