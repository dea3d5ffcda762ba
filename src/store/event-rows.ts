import { columnEntries, type EventRow, type KindId } from '../events/event.ts';
import type { ColumnType } from '../events/kind.ts';
import type { Macros } from './macros.ts';
import type { ColumnChunk, ReadStore } from './store.ts';

type Value = EventRow[string];

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
    chosen.map(([name, { type }]) => [name, type] as const),
  );
  // Of rows that nothing is asked of, it still counts that they are there.
  const list = selected.length === 0 ? 'TRUE' : selected.join(', ');
  const table = from === undefined ? `"${kind}"` : `(${from})`;
  for await (const chunk of store.scan(`SELECT ${list} FROM ${table} WHERE ${condition}`)) {
    const values = new ChunkValues(chunk);
    yield { rowCount: chunk.rowCount, row: (index) => new Row(values, index) };
  }
}

function selectedColumn(name: string, type: ColumnType, macros: Macros): string {
  if (type === 'time') return `${macros.micros(`"${name}"`)} AS "${name}"`;
  return type === 'text[]' ? `${macros.listJson(`"${name}"`)} AS "${name}"` : `"${name}"`;
}

/** Columns of a chunk, each read when its first value is asked for. */
class ChunkValues {
  readonly #chunk: ColumnChunk;
  readonly #texts: (readonly (string | null)[])[] = [];
  readonly #numbers: Float64Array[] = [];

  constructor(chunk: ColumnChunk) {
    this.#chunk = chunk;
  }

  text(column: number, row: number): string | null {
    return (this.#texts[column] ??= this.#chunk.texts(column))[row] ?? null;
  }

  /** NaN for null. */
  number(column: number, row: number): number {
    return (this.#numbers[column] ??= this.#chunk.numbers(column))[row] ?? Number.NaN;
  }
}

type ReadValue = (values: ChunkValues, column: number, row: number) => Value;

/** Rows with a getter for each column, so that they are read as events are. */
function rowClass(
  kind: KindId,
  columns: readonly (readonly [name: string, type: ColumnType])[],
): new (values: ChunkValues, index: number) => EventRow {
  class StoredRow {
    readonly #values: ChunkValues;
    readonly #index: number;

    constructor(values: ChunkValues, index: number) {
      this.#values = values;
      this.#index = index;
    }

    static define(name: string, column: number, read: ReadValue): void {
      Object.defineProperty(StoredRow.prototype, name, {
        get(this: StoredRow) {
          return read(this.#values, column, this.#index);
        },
      });
    }
  }
  Object.defineProperty(StoredRow.prototype, 'kind', { value: kind });
  for (const [column, [name, type]] of columns.entries()) StoredRow.define(name, column, readerOf(type));
  return StoredRow as unknown as new (values: ChunkValues, index: number) => EventRow;
}

function readerOf(type: ColumnType): ReadValue {
  switch (type) {
    case 'text':
    case 'ip':
    case 'json':
      return (values, column, row) => values.text(column, row);
    case 'text[]':
      return (values, column, row) => {
        const text = values.text(column, row);
        return text === null ? null : (JSON.parse(text) as string[]);
      };
    case 'boolean':
    case 'integer':
    case 'real':
    case 'time':
    case 'duration':
      return (values, column, row) => {
        const value = values.number(column, row);
        if (Number.isNaN(value)) return null;
        return type === 'boolean' ? value === 1 : value;
      };
  }
}
