import { newEvent, type EventRow, type KindId, type VakthundEvent } from '../../../../events/event.ts';

type Value = EventRow[string];

/**
 * Values, one for each row: the same for all, numbers (NaN for null), truth (-1 for null), texts behind each other with the end of each
 * (one that does not go on stands for null), lists with the length of each (-1 for null) and what stands in all of them behind each
 * other, or whatever they are.
 */
type PackedValues =
  | { readonly same: Value }
  | { readonly numbers: Float64Array }
  | { readonly flags: Int8Array }
  | { readonly texts: string; readonly ends: Int32Array }
  | { readonly lengths: Int32Array; readonly items: PackedValues }
  | { readonly values: readonly Value[] };

interface PackedKind {
  readonly kind: KindId;
  /** Columns that any of the rows fills. */
  readonly columns: readonly { readonly name: string; readonly packed: PackedValues }[];
}

/** Events as another thread is given them. */
export interface PackedEvents {
  readonly kinds: readonly PackedKind[];
  /** Place in `kinds` of each event, in order. */
  readonly order: Uint8Array;
}

/** Stands in `ends` and `lengths` for null. */
const none = -1;

/** Packs events by kind and column: to hand an object over to another thread takes as long as to decode it, columns a fraction of that. */
export function packEvents(events: readonly VakthundEvent[]): PackedEvents {
  const places = new Map<KindId, number>();
  const rows: EventRow[][] = [];
  const order = new Uint8Array(events.length);
  let at = 0;
  for (const event of events) {
    let place = places.get(event.kind);
    if (place === undefined) {
      place = rows.length;
      places.set(event.kind, place);
      rows.push([]);
    }
    rows[place]?.push(event as unknown as EventRow);
    order[at++] = place;
  }
  const kinds = [...places.keys()].map((kind, place): PackedKind => ({ kind, columns: columnsOf(rows[place] ?? []) }));
  return { kinds, order };
}

/** Row by row first: the columns of one event lie beside each other, and events of a kind have the same columns in the same order. */
function columnsOf(rows: readonly EventRow[]): PackedKind['columns'] {
  const names = Object.keys(rows[0] ?? {});
  const columns: (Value[] | undefined)[] = names.map(() => undefined);
  for (let row = 0; row < rows.length; row++) {
    const values = Object.values(rows[row] ?? {});
    for (let at = 0; at < values.length; at++) {
      const value = values[at] ?? null;
      if (value === null) continue;
      const column = (columns[at] ??= Array.from<Value>({ length: rows.length }).fill(null));
      column[row] = value;
    }
  }
  return names.flatMap((name, at) => {
    const column = columns[at];
    return column === undefined || name === 'kind' ? [] : [{ name, packed: pack(column) }];
  });
}

/** The values are copied. Plain loops, because this runs for each cell of each event. */
function pack(values: readonly Value[]): PackedValues {
  const same = values[0] ?? null;
  let isSame = true;
  let type = '';
  for (const value of values) {
    isSame &&= value === same;
    if (value === null) continue;
    const own = typeof value;
    if (type === '') type = own;
    else if (type !== own) type = 'mixed';
  }
  if (isSame) return { same };
  switch (type) {
    case 'number':
      return { numbers: packNumbers(values) };
    case 'boolean':
      return { flags: packFlags(values) };
    case 'string':
      return packTexts(values);
    case 'object':
      return packLists(values);
    default:
      return { values: [...values] };
  }
}

function packNumbers(values: readonly Value[]): Float64Array {
  const numbers = new Float64Array(values.length);
  let at = 0;
  for (const value of values) numbers[at++] = typeof value === 'number' ? value : NaN;
  return numbers;
}

function packFlags(values: readonly Value[]): Int8Array {
  const flags = new Int8Array(values.length);
  let at = 0;
  for (const value of values) flags[at++] = typeof value === 'boolean' ? Number(value) : none;
  return flags;
}

function packTexts(values: readonly Value[]): PackedValues {
  const ends = new Int32Array(values.length);
  let [at, end] = [0, 0];
  for (const value of values) ends[at++] = typeof value === 'string' ? (end += value.length) : none;
  // Null joins as nothing.
  return { texts: values.join(''), ends };
}

function packLists(values: readonly Value[]): PackedValues {
  const lengths = new Int32Array(values.length);
  const items: Value[] = [];
  let at = 0;
  for (const value of values) {
    const list = value as readonly string[] | null;
    lengths[at++] = list === null ? none : list.length;
    if (list !== null) for (const item of list) items.push(item);
  }
  return { lengths, items: pack(items) };
}

export function unpackEvents({ kinds, order }: PackedEvents): VakthundEvent[] {
  const readers = kinds.map(({ kind, columns }) => ({
    kind,
    columns: columns.map(({ name, packed }) => ({ name, read: readerOf(packed) })),
    row: 0,
  }));
  return Array.from(order, (place) => {
    const reader = readers[place];
    if (reader === undefined) throw new Error('packed events name a kind that is not among them');
    const event = newEvent(reader.kind) as VakthundEvent;
    const row = event as unknown as EventRow;
    const at = reader.row++;
    for (const { name, read } of reader.columns) row[name] = read(at);
    return event;
  });
}

/** Values of a column, asked for from the first row to the last. */
function readerOf(packed: PackedValues): (at: number) => Value {
  if ('same' in packed) return () => packed.same;
  if ('values' in packed) return (at) => packed.values[at] ?? null;
  if ('flags' in packed) return (at) => (packed.flags[at] === none ? null : packed.flags[at] === 1);
  if ('lengths' in packed) return listReader(packed.lengths, readerOf(packed.items));
  if ('texts' in packed) return textReader(packed.texts, packed.ends);
  return (at) => {
    const number = packed.numbers[at] ?? NaN;
    return Number.isNaN(number) ? null : number;
  };
}

function textReader(texts: string, ends: Int32Array): (at: number) => Value {
  let start = 0;
  return (at) => {
    const end = ends[at] ?? none;
    if (end === none) return null;
    const text = texts.slice(start, end);
    start = end;
    return text;
  };
}

function listReader(lengths: Int32Array, read: (at: number) => Value): (at: number) => Value {
  let next = 0;
  return (at) => {
    const length = lengths[at] ?? none;
    if (length === none) return null;
    const list: Value[] = [];
    for (let item = 0; item < length; item++) list.push(read(next++));
    return list as readonly string[];
  };
}
