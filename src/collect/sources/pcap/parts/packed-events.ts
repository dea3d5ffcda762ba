import { newEvent, type EventRow, type KindId, type VakthundEvent } from '../../../../events/event.ts';

type Value = EventRow[string];

/**
 * Values of one column: the same for all rows, numbers (NaN for null), texts behind each other with the end of each (one that does
 * not go on stands for null), or whatever they are.
 */
type PackedColumn =
  | { readonly name: string; readonly same: Value }
  | { readonly name: string; readonly numbers: Float64Array }
  | { readonly name: string; readonly texts: string; readonly ends: Int32Array }
  | { readonly name: string; readonly values: readonly Value[] };

interface PackedKind {
  readonly kind: KindId;
  /** Columns that any of the rows fills. */
  readonly columns: readonly PackedColumn[];
}

/** Events as another thread is given them. */
export interface PackedEvents {
  readonly kinds: readonly PackedKind[];
  /** Place in `kinds` of each event, in order. */
  readonly order: readonly number[];
}

/** Stands in `ends` for null. */
const nullEnd = -1;

/** Packs events by kind and column: to hand an object over to another thread takes as long as to decode it, columns a fraction of that. */
export function packEvents(events: readonly VakthundEvent[]): PackedEvents {
  const places = new Map<KindId, number>();
  const rows: EventRow[][] = [];
  const order = events.map((event) => {
    let place = places.get(event.kind);
    if (place === undefined) {
      place = rows.length;
      places.set(event.kind, place);
      rows.push([]);
    }
    rows[place]?.push(event as unknown as EventRow);
    return place;
  });
  const kinds = [...places.keys()].map((kind, place): PackedKind => ({ kind, columns: columnsOf(rows[place] ?? []) }));
  return { kinds, order };
}

/** Row by row first: the columns of one event lie beside each other, and events of a kind have the same columns in the same order. */
function columnsOf(rows: readonly EventRow[]): PackedColumn[] {
  const table = rows.map((row) => Object.values(row));
  return Object.keys(rows[0] ?? {}).flatMap((name, at) => (name === 'kind' ? [] : packColumn(name, table, at)));
}

function packColumn(name: string, table: readonly (readonly Value[])[], at: number): PackedColumn[] {
  const same = table[0]?.[at] ?? null;
  let [isSame, isNumeric, isText] = [true, true, true];
  for (const row of table) {
    const value = row[at] ?? null;
    isSame &&= value === same;
    if (value === null) continue;
    isNumeric &&= typeof value === 'number';
    isText &&= typeof value === 'string';
  }
  if (isSame) return same === null ? [] : [{ name, same }];
  const values = table.map((row) => row[at] ?? null);
  if (isNumeric) return [{ name, numbers: Float64Array.from(values, (value) => (value as number | null) ?? NaN) }];
  if (!isText) return [{ name, values }];
  let end = 0;
  const ends = Int32Array.from(values, (value) => (value === null ? nullEnd : (end += (value as string).length)));
  return [{ name, texts: values.join(''), ends }];
}

export function unpackEvents({ kinds, order }: PackedEvents): VakthundEvent[] {
  const readers = kinds.map(({ kind, columns }) => ({ kind, columns: columns.map(columnReader), row: 0 }));
  return order.map((place) => {
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
function columnReader(column: PackedColumn): { readonly name: string; readonly read: (at: number) => Value } {
  const { name } = column;
  if ('same' in column) return { name, read: () => column.same };
  if ('values' in column) return { name, read: (at) => column.values[at] ?? null };
  if ('numbers' in column) {
    return {
      name,
      read: (at) => {
        const number = column.numbers[at] ?? NaN;
        return Number.isNaN(number) ? null : number;
      },
    };
  }
  let start = 0;
  return {
    name,
    read: (at) => {
      const end = column.ends[at] ?? nullEnd;
      if (end === nullEnd) return null;
      const text = column.texts.slice(start, end);
      start = end;
      return text;
    },
  };
}
