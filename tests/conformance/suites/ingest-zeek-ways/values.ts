import { parseIsoMicros } from '../../../../src/base/time.ts';
import type { EventRow } from '../../../../src/events/event.ts';
import { fieldsOf } from './decode.ts';
import { isCells, type Cell, type LogRow } from './log-text.ts';

/** Where the values of a log stand in its events. */

/** Columns that say nothing of a row itself. */
const ownColumns: ReadonlySet<string> = new Set([
  'kind',
  'evidence_id',
  'evidence_at',
  'event_dataset',
  'fields',
  'raw',
]);

/** What a row's event lacks: one text for each field whose value did not arrive. */
export function lostValues(rows: readonly LogRow[], events: readonly EventRow[]): string[][] {
  const columns = columnsByField(rows, events);
  return rows.map((row, index) => {
    const event = events[index];
    if (event === undefined) return ['no event'];
    const fields = fieldsOf(event);
    const lost = [...row].filter(([field, cell]) => {
      if (field === '_path' || isSame(cell, fields[field])) return false;
      const column = columns.get(field);
      return column === undefined || !isSame(cell, event[column]);
    });
    return lost.map(([field, cell]) => `${field} ${JSON.stringify(cell)}`);
  });
}

/** The column that holds a field: the one that has its value in most rows, since one value may stand in several by chance. */
function columnsByField(rows: readonly LogRow[], events: readonly EventRow[]): ReadonlyMap<string, string> {
  const votes = new Map<string, Map<string, number>>();
  for (const [index, row] of rows.entries()) {
    const columns = Object.entries(events[index] ?? {}).filter(
      ([name, value]) => value !== null && !ownColumns.has(name),
    );
    for (const [field, cell] of row) {
      const ofField = votes.get(field) ?? new Map<string, number>();
      votes.set(field, ofField);
      for (const [name, value] of columns) if (isSame(cell, value)) ofField.set(name, (ofField.get(name) ?? 0) + 1);
    }
  }
  return new Map(
    [...votes].flatMap(([field, ofField]) => {
      const [best] = [...ofField].sort(([, a], [, b]) => b - a);
      return best === undefined ? [] : [[field, best[0]] as const];
    }),
  );
}

/** True when a column's value (or one in `fields`) is what a cell says, after whatever is done to values of its type. */
function isSame(cell: Cell, got: unknown): boolean {
  if (got === null || got === undefined) return false;
  if (isCells(cell)) return isSameList(cell, got);
  if (Array.isArray(got)) return got.length === 1 && isSame(cell, got[0]);
  if (typeof cell === 'boolean') return got === cell;
  if (typeof cell === 'number') return isSameNumber(cell, got);
  if (typeof got === 'number') return isNear(parseIsoMicros(cell), got) || got === Number(cell);
  return typeof got === 'string' && isSameText(cell, got);
}

function isSameList(cells: readonly Cell[], got: unknown): boolean {
  if (!Array.isArray(got)) return got === cells.join(',') || (cells.length === 1 && isSame(cells[0] ?? '', got));
  return got.length === cells.length && cells.every((cell, index) => isSame(cell, got[index]));
}

/** Seconds become µs in columns; in `fields` a time is ISO 8601 text. */
function isSameNumber(cell: number, got: unknown): boolean {
  if (typeof got === 'number') return got === cell || isNear(cell * 1e6, got);
  if (typeof got !== 'string') return false;
  return isNear(cell * 1e6, parseIsoMicros(got)) || Number(got) === cell || wordsOf(got).includes(String(cell));
}

/** Text may have been put in one case, freed of its port, final dot or colons, or joined with that of other fields. */
function isSameText(cell: string, got: string): boolean {
  if (cell === got) return true;
  const micros = parseIsoMicros(cell);
  if (micros !== undefined && isNear(micros, parseIsoMicros(got))) return true;
  const lower = cell.toLowerCase();
  const forms = [lower, lower.replace(/\.$/, ''), lower.replace(/:\d+$/, ''), lower.replaceAll(':', '')];
  return forms.includes(got) || (cell.length > 2 && got.toLowerCase().includes(lower)) || wordsOf(got).includes(cell);
}

function wordsOf(text: string): string[] {
  return text.split(/[^0-9A-Za-z]+/);
}

/** Times of both formats may differ in the last digit that a double holds. */
function isNear(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && Math.abs(a - b) <= 1;
}

/**
 * Where two events of the same row differ, apart from their place, their data set, and what only one format writes.
 * Intervals stay in `fields` as seconds, of which TSV has six decimals and JSON all.
 */
export function eventDifferences(one: EventRow, other: EventRow, intervals: ReadonlySet<string>): string[] {
  const left = flat(one);
  const right = flat(other);
  return [...new Set([...left.keys(), ...right.keys()])].filter((name) => {
    const a = left.get(name);
    const b = right.get(name);
    if (a === undefined || b === undefined) return true;
    const isInterval = intervals.has(name) && typeof a === 'number' && typeof b === 'number';
    return isInterval ? !isNear(a * 1e6, b * 1e6) : !isEqual(a, b);
  });
}

function flat(event: EventRow): Map<string, unknown> {
  const columns = Object.entries(event).filter(
    ([name, value]) => value !== null && (name === 'kind' || !ownColumns.has(name)),
  );
  const fields = Object.entries(fieldsOf(event)).filter(([name]) => name !== '_write_ts');
  return new Map([...columns, ...fields.map(([name, value]) => [`fields.${name}`, value] as const)]);
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((entry, index) => isEqual(entry, b[index]));
  }
  if (typeof a === 'number' && typeof b === 'number') return a === b || (Math.abs(a) > 1e14 && isNear(a, b));
  if (a === b) return true;
  return typeof a === 'string' && typeof b === 'string' && isNear(parseIsoMicros(a), parseIsoMicros(b));
}
