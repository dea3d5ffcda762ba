import { newEvent, type EventRow } from '../../events/event.ts';
import type { Conversion, Mapping, Reader } from '../../events/mapping.ts';
import { converterOf, textOf, type Convert, type TextMarks, type Value } from './convert.ts';
import { flatLeftover, nestedLeftover, type Leftover } from './leftover.ts';
import { flatGet, nestedGet, walksList } from './paths.ts';

export interface MappingOptions extends TextMarks {
  /** Paths are dotted and walk objects and lists; else a path is one key, dots included. */
  readonly nested: boolean;
  /** Text that stands for "not set". */
  readonly unset?: string;
}

/** Told of every value that does not fit its column: `bad-value`. The value stays in `fields`. */
export type OnBadValue = (path: string, value: unknown) => void;

type Row = Readonly<Record<string, unknown>>;
/** A reader at work on one record; paths that it names but does not take go to `kept`. */
type Read = (record: Row, kept: string[], onBad: OnBadValue) => Value;

/**
 * Makes a mapping a function from a record to an event. A value that does not fit its conversion leaves the column null,
 * stays in `fields` and is reported once.
 */
export function compileMapping(
  mapping: Mapping,
  options: MappingOptions,
): (record: Row, onBad: OnBadValue) => EventRow {
  const entries = Object.entries(mapping.columns as Readonly<Record<string, Reader>>);
  const names = entries.map(([name]) => name);
  const always = new Set(entries.flatMap(([, reader]) => ('first' in reader ? [] : readerPaths(reader))));
  const reads = entries.map(([, reader]) => compileReader(reader, options, always));
  const leftover = leftoverOf(mapping, options);
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

/** Every path that a mapping takes out of `fields`: those that its readers name and it does not keep, and those it drops. */
export function pathsOf(mapping: Mapping): string[] {
  const readers = Object.values(mapping.columns as Readonly<Record<string, Reader>>);
  const named = readers.flatMap(readerPaths).filter((path) => mapping.keep?.includes(path) !== true);
  return [...new Set([...named, ...(mapping.drop ?? [])])];
}

function readerPaths(reader: Reader): string[] {
  if ('path' in reader) return [reader.path];
  if ('constant' in reader) return [];
  if ('first' in reader) return reader.first.flatMap(readerPaths);
  if ('join' in reader) return reader.join.flatMap(readerPaths);
  return ('minus' in reader ? reader.minus : reader.plus).flatMap(readerPaths);
}

function leftoverOf(mapping: Mapping, options: MappingOptions): Leftover {
  const paths = pathsOf(mapping);
  return options.nested ? nestedLeftover(paths) : flatLeftover(paths, options.unset);
}

function compileReader(reader: Reader, options: MappingOptions, always: ReadonlySet<string>): Read {
  if ('constant' in reader) {
    const { constant } = reader;
    return () => constant;
  }
  if ('path' in reader) return pathReader(reader, options);
  if ('first' in reader) return firstReader(reader.first, options, always);
  if ('join' in reader) return joinReader(reader, options, always);
  if ('minus' in reader) {
    const [left, right] = reader.minus.map((part) => compileReader(part, options, always)) as [Read, Read];
    return (record, kept, onBad) => {
      const a = left(record, kept, onBad);
      const b = right(record, kept, onBad);
      return typeof a === 'number' && typeof b === 'number' ? a - b : null;
    };
  }
  const [left, right] = reader.plus.map((part) => compileReader(part, options, always)) as [Read, Read];
  return (record, kept, onBad) => {
    const a = left(record, kept, onBad);
    const b = right(record, kept, onBad);
    if (typeof a !== 'number') return typeof b === 'number' ? b : null;
    return typeof b === 'number' ? a + b : a;
  };
}

/** The first that is not null; what only the later ones would have read is kept. */
function firstReader(readers: readonly Reader[], options: MappingOptions, always: ReadonlySet<string>): Read {
  const reads = readers.map((reader) => compileReader(reader, options, always));
  const passedOver = readers.map((reader, index) => {
    const own = readerPaths(reader);
    const later = readers.slice(index + 1).flatMap(readerPaths);
    return later.filter((path) => !own.includes(path) && !always.has(path));
  });
  return (record, kept, onBad) => {
    for (let index = 0; index < reads.length; index++) {
      const value = reads[index]?.(record, kept, onBad) ?? null;
      if (value === null) continue;
      kept.push(...(passedOver[index] ?? []));
      return value;
    }
    return null;
  };
}

function joinReader(
  reader: Extract<Reader, { join: unknown }>,
  options: MappingOptions,
  always: ReadonlySet<string>,
): Read {
  const reads = reader.join.map((part) => compileReader(part, options, always));
  const convert = withTable(textOf, reader);
  return (record, kept, onBad) => {
    let text: string | undefined;
    for (const read of reads) {
      const part = read(record, kept, onBad);
      if (part === null) continue;
      text = text === undefined ? textOf(part) : `${text}${reader.by}${textOf(part)}`;
    }
    return text === undefined ? null : (convert(text) ?? null);
  };
}

function pathReader(reader: Extract<Reader, { path: string }>, options: MappingOptions): Read {
  const { path } = reader;
  const { unset } = options;
  const get = options.nested ? nestedGet(path) : flatGet(path);
  const convert = withTable(converterOf(reader.as, options), reader);
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
const listConversions: ReadonlySet<Conversion> = new Set(['list', 'ips', 'joined', 'json']);

function withTable(
  convert: Convert,
  { table, otherwise }: { readonly table?: Readonly<Record<string, string>>; readonly otherwise?: string },
): Convert {
  if (table === undefined && otherwise === undefined) return convert;
  const entries = new Map(Object.entries(table ?? {}));
  const replaced = (text: string): string => entries.get(text) ?? otherwise ?? text;
  return (value) => {
    const converted = convert(value);
    if (converted === undefined || converted === null) return converted;
    return typeof converted === 'object' ? converted.map(replaced) : replaced(String(converted));
  };
}
