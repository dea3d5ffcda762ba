import type { JsonTape } from '../json-tape.ts';
import type { PathReader, Read } from './combine.ts';
import { converterWithTable, listConversions } from './compile.ts';
import type { Convert } from './convert.ts';
import { walksList } from './paths.ts';
import type { TapeShape } from './tape-shape.ts';
import { fastList, fastValue } from './tape-values.ts';

/** A record on a tape, with its shape. */
export interface TapeRecord {
  readonly tape: JsonTape;
  shape: TapeShape;
  /** Counts records. */
  serial: number;
}

/** A reader of one path at work on a record; means what `compileMapping` makes of it. */
export function tapeReader(reader: PathReader, paths: readonly string[]): Read<TapeRecord> {
  const { path } = reader;
  const leaf = paths.indexOf(path);
  if (walksList(path)) return walkReader(reader, leaf);
  const hasTable = reader.table !== undefined || reader.otherwise !== undefined;
  const convert = hasTable ? remembering(converterWithTable(reader)) : converterWithTable(reader);
  const fast = hasTable ? undefined : fastValue(reader.as);
  return ({ tape, shape }, kept, onBad) => {
    const entry = shape.first[leaf] ?? -1;
    if (entry < 0) return null;
    const known = fast?.(tape, entry);
    if (known !== undefined) return known;
    const value = tape.value(entry);
    const converted = convert(value);
    if (converted !== undefined) return converted;
    if (!kept.includes(path)) onBad(path, value);
    kept.push(path);
    return null;
  };
}

/** What a table has is of few values, and the same one for many records in a row. */
function remembering(convert: Convert): Convert {
  let last: unknown;
  let converted: ReturnType<Convert>;
  return (value) => {
    if (value === last && value !== undefined) return converted;
    last = value;
    converted = convert(value);
    return converted;
  };
}

function walkReader(reader: PathReader, leaf: number): Read<TapeRecord> {
  const { path } = reader;
  const convert = converterWithTable(reader);
  const takesList = listConversions.has(reader.as);
  const fast = reader.table === undefined && reader.otherwise === undefined ? fastList(reader.as) : undefined;
  return ({ tape, shape }, kept, onBad) => {
    const entries = shape.values[leaf];
    if (entries === undefined) return null;
    if (fast !== undefined) return fast(tape, entries);
    let value: unknown;
    if (takesList) {
      value = entries.map((entry) => tape.value(entry));
    } else {
      const entry = entries[0];
      if (entry === undefined) return null;
      if (entries.length > 1) kept.push(path);
      value = tape.value(entry);
    }
    const converted = convert(value);
    if (converted !== undefined) return converted;
    if (!kept.includes(path)) onBad(path, value);
    kept.push(path);
    return null;
  };
}
