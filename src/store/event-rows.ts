import { columnEntries, type EventRow, type KindId } from '../events/event.ts';
import type { ColumnType } from '../events/kind.ts';
import type { Macros } from './macros.ts';
import type { ColumnChunk, ReadStore } from './store.ts';

type Value = EventRow[string];
/** All values of a column of a chunk. */
type ReadColumn = (chunk: ColumnChunk, column: number) => readonly Value[];

/** A run of stored events. */
export interface EventChunk {
  readonly rowCount: number;
  /** An event as far as it was asked for, and its kind. Its values are taken out of the store's memory by column, when the first one is read. */
  row(index: number): EventRow;
}

/** Which stored events are read, and what of them. */
export interface EventScan {
  readonly kind: KindId;
  /** SELECT of whole rows of the kind; all of them when left out. */
  readonly from?: string | undefined;
  readonly condition: string;
  /** Those that the kind does not have are left out. */
  readonly columns: ReadonlySet<string>;
}

/** Stored events in no order. Values are as in a live event, but for integers beyond 2^53, which lose their last digits. */
export async function* scanEvents(
  store: Pick<ReadStore, 'macros' | 'scan'>,
  { kind, from, condition, columns }: EventScan,
): AsyncGenerator<EventChunk> {
  const chosen = columnEntries(kind).filter(([name]) => columns.has(name));
  const selected = chosen.map(([name, { type }]) => selectedColumn(name, type, store.macros));
  const Row = rowClass(
    kind,
    chosen.map(([name]) => name),
  );
  const readers = chosen.map(([, { type }]) => readerOf(type));
  // Of rows that nothing is asked of, it still counts that they are there.
  const list = selected.length === 0 ? 'TRUE' : selected.join(', ');
  const table = from === undefined ? `"${kind}"` : `(${from})`;
  for await (const chunk of store.scan(`SELECT ${list} FROM ${table} WHERE ${condition}`)) {
    const values = new ChunkValues(chunk, readers);
    yield { rowCount: chunk.rowCount, row: (index) => new Row(values, index) };
  }
}

function selectedColumn(name: string, type: ColumnType, macros: Macros): string {
  return type === 'time' ? `${macros.micros(`"${name}"`)} AS "${name}"` : `"${name}"`;
}

/** Columns of a chunk, each read when its first value is asked for. */
class ChunkValues {
  readonly #chunk: ColumnChunk;
  readonly #readers: readonly ReadColumn[];
  readonly #columns: (readonly Value[] | undefined)[];

  constructor(chunk: ColumnChunk, readers: readonly ReadColumn[]) {
    this.#chunk = chunk;
    this.#readers = readers;
    this.#columns = readers.map(() => undefined);
  }

  at(column: number, row: number): Value {
    return (this.#columns[column] ??= this.#readers[column]?.(this.#chunk, column) ?? [])[row] ?? null;
  }
}

/** Rows with a getter for each column, so that they are read as events are. */
function rowClass(kind: KindId, names: readonly string[]): new (values: ChunkValues, index: number) => EventRow {
  class StoredRow {
    readonly #values: ChunkValues;
    readonly #index: number;

    constructor(values: ChunkValues, index: number) {
      this.#values = values;
      this.#index = index;
    }

    static define(name: string, column: number): void {
      Object.defineProperty(StoredRow.prototype, name, {
        get(this: StoredRow) {
          return this.#values.at(column, this.#index);
        },
      });
    }
  }
  Object.defineProperty(StoredRow.prototype, 'kind', { value: kind });
  for (const [column, name] of names.entries()) StoredRow.define(name, column);
  return StoredRow as unknown as new (values: ChunkValues, index: number) => EventRow;
}

function readerOf(type: ColumnType): ReadColumn {
  switch (type) {
    case 'text':
    case 'ip':
    case 'json':
      return (chunk, column) => chunk.texts(column);
    case 'text[]':
      return (chunk, column) =>
        chunk.texts(column).map((text) => (text === null ? null : (JSON.parse(text) as string[])));
    case 'boolean':
      return (chunk, column) =>
        Array.from(chunk.numbers(column), (value) => (Number.isNaN(value) ? null : value === 1));
    case 'integer':
    case 'real':
    case 'time':
    case 'duration':
      return (chunk, column) => Array.from(chunk.numbers(column), (value) => (Number.isNaN(value) ? null : value));
  }
}
