import { columnEntries } from '../../events/event.ts';
import type { ColumnType } from '../../events/kind.ts';
import type { Conversion, Mapping, Reader } from '../../events/mapping.ts';
import { passedOver } from '../../events/readers.ts';
import type { RowSink, RowWriter } from '../../events/row-sink.ts';
import type { JsonTape } from '../json-tape.ts';
import { tapeTypes } from '../tape-entries.ts';
import { compileReader, type OnBadValue, type ReadParts } from './combine.ts';
import { walksList } from './paths.ts';
import { LeftoverBytes } from './tape-leftover.ts';
import type { TapeRecord } from './tape-reader.ts';
import { isIpv4, isSettled } from './tape-values.ts';
import { leftoverOf, prepare, TapeRecords } from './tape.ts';

/** Puts the value of a column, and is true when there is one. */
type Put = (record: TapeRecord, row: RowWriter, kept: string[], onBad: OnBadValue) => boolean;

/** What is done for a column. Numbers, for speed: a function for each column of each mapping is too many for a processor. */
const how = { call: 0, text: 1, settled: 2, ipv4: 3, integer: 4 } as const;
type How = (typeof how)[keyof typeof how];

interface Step {
  readonly how: How;
  readonly column: number;
  /** Index of the path. */
  readonly leaf: number;
  /** For `call`, and where a value is not written as the step takes it. */
  readonly put: Put;
}

/**
 * As `compileTape`, but the record goes into a row of a store instead of an object: most values are texts, and those go
 * over as the bytes that they are. False when only `compileMapping` will do, and then no row was begun.
 */
export function compileTapeRow(
  mapping: Mapping,
  tape: JsonTape,
): (at: number, rows: RowSink, onBad: OnBadValue) => boolean {
  const { tree, varying, constants, parts } = prepare(mapping);
  const columns = columnEntries(mapping.kind);
  const columnOf = (name: string): number => columns.findIndex(([known]) => known === name);
  const steps = varying.map(([name, reader]): Step => {
    const column = columnOf(name);
    // The sink asks for the time first.
    if (name === 'time') return { how: how.call, column, leaf: -1, put: putNothing };
    return stepOf(reader, { column, type: columns[column]?.[1].type, parts, tree });
  });
  const time = varying.find(([name]) => name === 'time');
  const readTime = time === undefined ? undefined : compileReader<TapeRecord>(time[1], parts);
  const fixed = constants.map(([name, value]) => [columnOf(name), value] as const);
  const records = new TapeRecords(tape, tree, varying);
  const plan = leftoverOf(mapping, tree, tape);
  const leftover = new LeftoverBytes(tape);
  const fields = columnOf('fields');
  const kept: string[] = [];
  return (at, rows, onBad) => {
    const record = records.next();
    const { shape } = record;
    if (!shape.isRegular) return false;
    kept.length = 0;
    const micros = readTime?.(record, kept, onBad);
    const row = rows.begin(mapping.kind, at, typeof micros === 'number' ? micros : 0);
    for (const [column, value] of fixed) row.put(column, value);
    for (const index of shape.active) {
      const step = steps[index] as Step;
      if (step.how === how.call || !putAsItIs(step, record, row)) step.put(record, row, kept, onBad);
    }
    leftover.put(row, fields, plan(shape, kept));
    return true;
  };
}

/** Puts a value that stands in the record as it is to stand in the column; false for every other. */
function putAsItIs(step: Step, { tape, shape }: TapeRecord, row: RowWriter): boolean {
  const entry = shape.first[step.leaf] as number;
  if (entry < 0) return true;
  if (step.how === how.integer) {
    if (tape.type[entry] !== tapeTypes.integer) return false;
    row.put(step.column, tape.numbers[entry]);
    return true;
  }
  if (!isAsItIs(step.how, tape, entry)) return false;
  row.putText(step.column, tape.bytes, tape.start[entry] as number, tape.end[entry] as number);
  return true;
}

function isAsItIs(as: How, tape: JsonTape, entry: number): boolean {
  if (as === how.text) return tape.type[entry] !== tapeTypes.escaped;
  return as === how.ipv4 ? isIpv4(tape, entry) : isSettled(tape, entry);
}

const putNothing: Put = () => true;

interface Target {
  readonly column: number;
  readonly type: ColumnType | undefined;
  readonly parts: ReadParts<TapeRecord>;
  readonly tree: { readonly paths: readonly string[] };
}

function stepOf(reader: Reader, target: Target): Step {
  const { column, type, tree } = target;
  const put = 'first' in reader ? firstPutter(reader.first, target) : valuePutter(reader, target);
  const general: Step = { how: how.call, column, leaf: -1, put };
  if (!('path' in reader) || reader.table !== undefined || reader.otherwise !== undefined) return general;
  const asItIs = howByConversion[reader.as];
  const fits = asItIs === how.integer ? type === 'integer' : textTypes.has(type);
  if (walksList(reader.path) || asItIs === undefined || !fits) return general;
  return { how: asItIs, column, leaf: tree.paths.indexOf(reader.path), put };
}

const textTypes: ReadonlySet<ColumnType | undefined> = new Set<ColumnType | undefined>(['text', 'ip', 'json']);

const howByConversion: Readonly<Partial<Record<Conversion, How>>> = {
  text: how.text,
  lower: how.settled,
  name: how.settled,
  hostname: how.settled,
  ip: how.ipv4,
  integer: how.integer,
};

function valuePutter(reader: Reader, { column, parts }: Target): Put {
  const read = compileReader<TapeRecord>(reader, parts);
  return (record, row, kept, onBad) => {
    const value = read(record, kept, onBad) ?? null;
    if (value === null) return false;
    row.put(column, value);
    return true;
  };
}

/** As `first` in `combine.ts`. */
function firstPutter(readers: readonly Reader[], target: Target): Put {
  const steps = readers.map((reader) => stepOf(reader, target));
  const passed = passedOver(readers, target.parts.always);
  return (record, row, kept, onBad) => {
    for (let index = 0; index < steps.length; index++) {
      if (!putStep(steps[index] as Step, record, row, kept, onBad)) continue;
      for (const path of passed[index] ?? []) kept.push(path);
      return true;
    }
    return false;
  };
}

function putStep(step: Step, record: TapeRecord, row: RowWriter, kept: string[], onBad: OnBadValue): boolean {
  if (step.how === how.call) return step.put(record, row, kept, onBad);
  if ((record.shape.first[step.leaf] as number) < 0) return false;
  return putAsItIs(step, record, row) || step.put(record, row, kept, onBad);
}
