import { newEvent, type EventRow } from '../../events/event.ts';
import type { Conversion, Mapping } from '../../events/mapping.ts';
import { alwaysTaken, readerEntries, takenPaths } from '../../events/readers.ts';
import { compileReader, tableOf, type OnBadValue, type PathReader, type Read } from './combine.ts';
import { converterOf, type Convert, type TextMarks } from './convert.ts';
import { flatLeftover, nestedLeftover } from './leftover.ts';
import { flatGet, nestedGet, walksList } from './paths.ts';

export type { OnBadValue };

export interface MappingOptions extends TextMarks {
  /** Paths are dotted and walk objects and lists; else a path is one key, dots included. */
  readonly nested: boolean;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * Makes a mapping a function from a record to an event. A value that does not fit its conversion leaves the column null
 * (the time: 0), stays in `fields` and is reported once.
 */
export function compileMapping(
  mapping: Mapping,
  options: MappingOptions,
): (record: Row, onBad: OnBadValue) => EventRow {
  const entries = readerEntries(mapping);
  const parts = {
    always: alwaysTaken(entries),
    path: (reader: PathReader) => pathRead(reader, options),
    ...(options.nested ? {} : { isThere: (record: Row, path: string) => (record[path] ?? null) !== null }),
  };
  const names = entries.map(([name]) => name);
  const reads = entries.map(([, reader]) => compileReader(reader, parts));
  const taken = takenPaths(mapping);
  const leftover = options.nested ? nestedLeftover(taken) : flatLeftover(taken, options.unset);
  const kind = mapping.kind;
  const kept: string[] = [];
  return (record, onBad) => {
    const row = newEvent(kind) as EventRow;
    kept.length = 0;
    for (let index = 0; index < reads.length; index++) {
      const value = reads[index]?.(record, kept, onBad);
      if (value !== null && value !== undefined) row[names[index] as string] = value;
    }
    row['fields'] = leftover(record, kept);
    return row;
  };
}

function pathRead(reader: PathReader, options: MappingOptions): Read<Row> {
  const { path } = reader;
  const { unset } = options;
  const get = options.nested ? nestedGet(path) : flatGet(path);
  const convert = converterWithTable(reader, options);
  const takesFirst = options.nested && walksList(path) && !listConversions.has(reader.as);
  return (record, kept, onBad) => {
    let value = get(record);
    if (value === undefined || value === null || value === unset) return null;
    if (takesFirst && Array.isArray(value)) {
      if (value.length > 1) kept.push(path);
      value = (value as readonly unknown[])[0];
      if (value === undefined) return null;
    }
    const converted = convert(value);
    if (converted !== undefined) return converted;
    if (!kept.includes(path)) onBad(path, value);
    kept.push(path);
    return null;
  };
}

/** Conversions that take a whole list; the others take the first entry of a `[]` path, and the rest stays in `fields`. */
export const listConversions: ReadonlySet<Conversion> = new Set(['list', 'ips', 'joined', 'json']);

/** A path reader's conversion with its `table` after it. */
export function converterWithTable(reader: PathReader, marks: TextMarks = {}): Convert {
  const convert = converterOf(reader.as, marks);
  const replace = tableOf(reader);
  if (replace === undefined) return convert;
  return (value) => {
    const converted = convert(value);
    if (converted === undefined || converted === null) return converted;
    return typeof converted === 'object' ? converted.map(replace) : replace(String(converted));
  };
}
