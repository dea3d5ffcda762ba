import type { Reader } from '../../events/mapping.ts';
import { passedOver } from '../../events/readers.ts';
import { textOf, type Value } from './convert.ts';

/** Told of every value that does not fit its column: `bad-value`. The value stays in `fields`. */
export type OnBadValue = (path: string, value: unknown) => void;

/** A reader at work on a record of any form; paths that it names but does not take go to `kept`. */
export type Read<R> = (record: R, kept: string[], onBad: OnBadValue) => Value;

export type PathReader = Extract<Reader, { path: string }>;

/** How single paths are read is the record's affair; `always` as in `alwaysTaken`. */
export interface ReadParts<R> {
  readonly always: ReadonlySet<string>;
  readonly path: (reader: PathReader) => Read<R>;
  /** False where a record has nothing at a path, which then cannot be kept; absent where that is not told cheaply. */
  readonly isThere?: (record: R, path: string) => boolean;
}

/** A reader as a function: what `first`, `join`, `minus` and `plus` make of single paths. */
export function compileReader<R>(reader: Reader, parts: ReadParts<R>): Read<R> {
  if ('path' in reader) return parts.path(reader);
  if ('constant' in reader) {
    const { constant } = reader;
    return () => constant;
  }
  if ('first' in reader) return firstOf(reader.first, parts);
  if ('join' in reader) return joined(reader, parts);
  return 'plus' in reader ? sum(reader.plus, parts) : difference(reader.minus, parts);
}

/** The first that is not null; what only the later ones would have read is kept. */
function firstOf<R>(readers: readonly Reader[], parts: ReadParts<R>): Read<R> {
  const reads = readers.map((reader) => compileReader(reader, parts));
  const passed = passedOver(readers, parts.always);
  const { isThere } = parts;
  return (record, kept, onBad) => {
    for (let index = 0; index < reads.length; index++) {
      const value = reads[index]?.(record, kept, onBad) ?? null;
      if (value === null) continue;
      for (const path of passed[index] ?? []) if (isThere?.(record, path) !== false) kept.push(path);
      return value;
    }
    return null;
  };
}

function joined<R>(reader: Extract<Reader, { join: unknown }>, parts: ReadParts<R>): Read<R> {
  const reads = reader.join.map((part) => compileReader(part, parts));
  const replace = tableOf(reader) ?? ((text: string): string => text);
  return (record, kept, onBad) => {
    let text: string | undefined;
    for (const read of reads) {
      const part = read(record, kept, onBad);
      if (part === null) continue;
      text = text === undefined ? textOf(part) : `${text}${reader.by}${textOf(part)}`;
    }
    return text === undefined ? null : replace(text);
  };
}

function difference<R>(pair: readonly [Reader, Reader], parts: ReadParts<R>): Read<R> {
  const left = compileReader(pair[0], parts);
  const right = compileReader(pair[1], parts);
  return (record, kept, onBad) => {
    const a = left(record, kept, onBad);
    const b = right(record, kept, onBad);
    return typeof a === 'number' && typeof b === 'number' ? a - b : null;
  };
}

function sum<R>(pair: readonly [Reader, Reader], parts: ReadParts<R>): Read<R> {
  const left = compileReader(pair[0], parts);
  const right = compileReader(pair[1], parts);
  return (record, kept, onBad) => {
    const a = left(record, kept, onBad);
    const b = right(record, kept, onBad);
    if (typeof a !== 'number') return typeof b === 'number' ? b : null;
    return typeof b === 'number' ? a + b : a;
  };
}

interface Table {
  readonly table?: Readonly<Record<string, string>>;
  readonly otherwise?: string;
}

/** A reader's `table` and `otherwise` as a function; undefined when it has neither. */
export function tableOf({ table, otherwise }: Table): ((text: string) => string) | undefined {
  if (table === undefined && otherwise === undefined) return undefined;
  const entries = new Map(Object.entries(table ?? {}));
  return (text) => entries.get(text) ?? otherwise ?? text;
}
