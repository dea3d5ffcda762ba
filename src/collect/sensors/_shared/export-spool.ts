import { formatIso } from '../../../base/time.ts';
import { columnEntries, type KindId, type EventOf, type EventRow } from '../../../events/event.ts';
import { Spool } from './spool.ts';

const keepBytes = 512 * 1024 * 1024;

/**
 * Writes events of one kind as our own export (CSV with all columns of the kind), for sensors whose records have no form of their own.
 * Line ends in values become U+FFFD.
 */
export class ExportSpool<K extends KindId> {
  readonly #spool: Spool;
  readonly #columns: readonly (readonly [name: string, type: string])[];

  constructor(folder: string, name: string, kind: K) {
    this.#columns = columnEntries(kind).map(([column, { type }]) => [column, type]);
    const header = `${this.#columns.map(([column]) => column).join(',')}\n`;
    this.#spool = new Spool(folder, name, keepBytes, header);
  }

  write(events: readonly EventOf<K>[]): void {
    if (events.length === 0) return;
    const lines = events.map((event) => this.#line(event as unknown as EventRow));
    this.#spool.write(`${lines.join('\n')}\n`);
    this.#spool.mayRotate();
  }

  close(): void {
    this.#spool.close();
  }

  #line(row: EventRow): string {
    return this.#columns.map(([column, type]) => field(row[column], type)).join(',');
  }
}

function field(value: EventRow[string] | undefined, type: string): string {
  if (value === null || value === undefined) return '';
  const text = (typeof value === 'object' ? JSON.stringify(value) : String(value)).replaceAll(/[\n\r]/g, '\uFFFD');
  if (type === 'time') return formatIso(Number(value));
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
