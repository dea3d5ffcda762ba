import type { JsonTape } from '../json-tape.ts';
import type { PathReader, Read } from './combine.ts';
import { converterWithTable, listConversions } from './compile.ts';
import { walksList } from './paths.ts';
import { tapeIsoMicros } from './tape-time.ts';
import type { TapeShape } from './tape-shape.ts';

/** A record on a tape, with its shape. */
export interface TapeRecord {
  readonly tape: JsonTape;
  shape: TapeShape;
}

/** A reader of one path at work on a record; means what `compileMapping` makes of it. */
export function tapeReader(reader: PathReader, paths: readonly string[]): Read<TapeRecord> {
  const { path } = reader;
  const leaf = paths.indexOf(path);
  const convert = converterWithTable(reader);
  if (walksList(path)) return walkReader(reader, leaf);
  const isPlain = reader.table === undefined && reader.otherwise === undefined;
  if (isPlain && reader.as === 'text') {
    return ({ tape, shape }) => {
      const entry = shape.first[leaf] ?? -1;
      return entry < 0 ? null : tape.text(entry);
    };
  }
  const isTime = isPlain && reader.as === 'iso';
  return ({ tape, shape }, kept, onBad) => {
    const entry = shape.first[leaf] ?? -1;
    if (entry < 0) return null;
    if (isTime) {
      const micros = tapeIsoMicros(tape, entry);
      if (micros !== undefined) return micros;
    }
    const value = tape.value(entry);
    const converted = convert(value);
    if (converted !== undefined) return converted;
    if (!kept.includes(path)) onBad(path, value);
    kept.push(path);
    return null;
  };
}

function walkReader(reader: PathReader, leaf: number): Read<TapeRecord> {
  const { path } = reader;
  const convert = converterWithTable(reader);
  const takesList = listConversions.has(reader.as);
  return ({ tape, shape }, kept, onBad) => {
    const entries = shape.values[leaf];
    if (entries === undefined) return null;
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
