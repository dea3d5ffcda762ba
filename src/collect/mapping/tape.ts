import { newEvent, type EventRow } from '../../events/event.ts';
import type { Mapping, Reader } from '../../events/mapping.ts';
import { alwaysTaken, partsOf, readerEntries, readerPaths, type ReaderEntries } from '../../events/readers.ts';
import type { JsonTape } from '../json-tape.ts';
import { compileReader, type OnBadValue, type PathReader, type Read, type ReadParts } from './combine.ts';
import type { Value } from './convert.ts';
import { leftoverText, planLeftover } from './tape-leftover.ts';
import { pathTree, type PathTree } from './tape-paths.ts';
import { tapeReader, type TapeRecord } from './tape-reader.ts';
import { shapeOf, type LeftoverPlan, type TapeShape } from './tape-shape.ts';

/**
 * Makes a mapping of nested records a function from the record on a tape to an event: what `compileMapping` gives for
 * the same record as an object, at a fraction of the time. Undefined when a part of the record has another shape than
 * the mapping's paths say (an object for a value, a value for a list of objects): then only `compileMapping` will do.
 */
export function compileTape(mapping: Mapping, tape: JsonTape): (onBad: OnBadValue) => EventRow | undefined {
  const { tree, varying, constants, parts } = prepare(mapping);
  const template = newEvent(mapping.kind) as EventRow;
  for (const [name, value] of constants) template[name] = value;
  const names = varying.map(([name]) => name);
  const reads = varying.map(([, reader]) => compileReader<TapeRecord>(reader, parts));
  const records = new TapeRecords(tape, tree, varying);
  const plan = leftoverOf(mapping, tree, tape);
  const kept: string[] = [];
  return (onBad) => {
    const record = records.next();
    if (!record.shape.isRegular) return undefined;
    const row: EventRow = Object.assign({}, template);
    kept.length = 0;
    for (const index of record.shape.active) {
      const value = reads[index]?.(record, kept, onBad);
      if (value !== null && value !== undefined) row[names[index] as string] = value;
    }
    row['fields'] = leftoverText(tape, plan(record.shape, kept));
    return row;
  };
}

/** A mapping as far as the two ways from a tape share it: to an event, and to a row (`tape-row.ts`). */
export interface PreparedMapping {
  readonly tree: PathTree;
  /** Columns whose value is the record's affair, and those of which it is not. */
  readonly varying: ReaderEntries;
  readonly constants: readonly (readonly [column: string, value: string | number | boolean])[];
  readonly parts: ReadParts<TapeRecord>;
}

export function prepare(mapping: Mapping): PreparedMapping {
  const entries = readerEntries(mapping);
  const named = entries.flatMap(([, reader]) => readerPaths(reader));
  const tree = pathTree(named, mapping.drop ?? []);
  return {
    tree,
    varying: entries.filter(([, reader]) => !('constant' in reader)),
    constants: entries.flatMap(([name, reader]) => ('constant' in reader ? [[name, reader.constant] as const] : [])),
    parts: { always: alwaysTaken(entries), path: sharedReaders((reader) => tapeReader(reader, tree.paths)) },
  };
}

/** The records that the tape holds one after another, each with its shape. */
export class TapeRecords {
  readonly #shapes: ShapeCache;
  readonly #record: TapeRecord;

  constructor(tape: JsonTape, tree: PathTree, varying: ReaderEntries) {
    const needs = varying.map(([, reader]) => leavesOf(reader, tree));
    this.#shapes = new ShapeCache(tape, () => shapeOf(tape, tree, needs));
    this.#record = { tape, shape: noShape, serial: 0 };
  }

  /** The record that the tape holds now. */
  next(): TapeRecord {
    const record = this.#record;
    record.shape = this.#shapes.get();
    record.serial++;
    return record;
  }
}

/** Times are dear to read, and some stand in two columns (a beginning and a length): each is read once in a record. */
function sharedReaders(make: (reader: PathReader) => Read<TapeRecord>): (reader: PathReader) => Read<TapeRecord> {
  const times = new Map<string, Read<TapeRecord>>();
  return (reader) => {
    if (reader.as !== 'iso') return make(reader);
    const known = times.get(reader.path) ?? oncePerRecord(make(reader));
    times.set(reader.path, known);
    return known;
  };
}

function oncePerRecord(read: Read<TapeRecord>): Read<TapeRecord> {
  let serial = 0;
  let value: Value = null;
  return (record, kept, onBad) => {
    if (record.serial === serial) return value;
    serial = record.serial;
    value = read(record, kept, onBad);
    return value;
  };
}

/** Records of one sensor have a few dozen shapes; an attacker who makes more only makes us look anew. */
const maxShapes = 512;
const maxPlans = 16;

class ShapeCache {
  readonly #shapes = new Map<number, TapeShape>();
  readonly #tape: JsonTape;
  readonly #make: () => TapeShape;

  constructor(tape: JsonTape, make: () => TapeShape) {
    this.#tape = tape;
    this.#make = make;
  }

  /** Shape of the record that the tape holds. */
  get(): TapeShape {
    const known = this.#shapes.get(this.#tape.shape);
    if (known?.check === this.#tape.shapeCheck) return known;
    if (this.#shapes.size >= maxShapes) this.#shapes.clear();
    const shape = this.#make();
    this.#shapes.set(this.#tape.shape, shape);
    return shape;
  }
}

/** How what is left of a record of a shape is put together, where paths in `kept` stay. */
export function leftoverOf(
  mapping: Mapping,
  tree: PathTree,
  tape: JsonTape,
): (shape: TapeShape, kept: readonly string[]) => LeftoverPlan {
  const keep = new Set(mapping.keep);
  return (shape, kept) => {
    for (const known of shape.leftovers) if (isSame(known.kept, kept)) return known.plan;
    if (shape.leftovers.length >= maxPlans) shape.leftovers.length = 0;
    const stays = (leaf: number): boolean => keep.has(tree.paths[leaf] ?? '') || kept.includes(tree.paths[leaf] ?? '');
    const plan = planLeftover(tape, shape, stays);
    shape.leftovers.push({ kept: [...kept], plan });
    return plan;
  };
}

/** The paths come from the mapping, so that each is one string. */
function isSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index++) if (some[index] !== others[index]) return false;
  return true;
}

/** Indexes of the paths without which the reader gives nothing; none when it gives something in any case. */
function leavesOf(reader: Reader, tree: PathTree): number[] {
  return hasConstant(reader) ? [] : readerPaths(reader).map((path) => tree.paths.indexOf(path));
}

function hasConstant(reader: Reader): boolean {
  return 'constant' in reader || partsOf(reader).some(hasConstant);
}

const noShape: TapeShape = {
  check: 0,
  isRegular: false,
  values: [],
  first: new Int32Array(0),
  active: [],
  nodes: [],
  leftovers: [],
};
