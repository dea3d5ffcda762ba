import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../../../../src/base/errors.ts';
import { source } from '../../../../src/collect/sources/zeek/index.ts';
import { columnEntries, type EventRow } from '../../../../src/events/event.ts';
import type { BulkPlan, BulkRoute } from '../../../../src/store/bulk.ts';
import { cellColumns } from '../../../../src/store/duckdb/bulk/column-forms.ts';
import { delimitedFeed } from '../../../../src/store/duckdb/bulk/delimited-feed.ts';
import { flatLines } from '../../../../src/store/duckdb/bulk/flat-rows.ts';
import { bulkSelect } from '../../../../src/store/duckdb/bulk/sql.ts';
import { ChunkTables } from '../../../../src/store/duckdb/chunk-tables.ts';
import { toSqlValue } from '../../../../src/store/duckdb/values.ts';
import { stageLineKey } from '../../../../src/store/store.ts';

/** The columns that the store makes of a log, on a database of its own. */

const newline = 10;
/** What a source is given of a content to make its plan. */
const headBytes = 65_536;

export interface BulkRows {
  /** Rows that are loaded by columns, by line number. */
  readonly rows: ReadonlyMap<number, EventRow>;
  /** Lines that are left to the decoder; undefined when there is no plan, and all are. */
  readonly leftLines: number | undefined;
  /** What the database said to files that it did not read; their lines are left to the decoder. */
  readonly refused: readonly string[];
}

export class BulkLoader {
  readonly #folder = mkdtempSync(join(tmpdir(), 'vakthund-zeek-'));
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #tables: ChunkTables;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
    this.#tables = new ChunkTables(connection);
  }

  static async open(): Promise<BulkLoader> {
    const instance = await DuckDBInstance.create(':memory:');
    return new BulkLoader(instance, await instance.connect());
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async load(name: string, content: Buffer): Promise<BulkRows> {
    const plan = source.bulk?.(name, content.subarray(0, headBytes));
    const rows = new Map<number, EventRow>();
    const refused: string[] = [];
    if (plan === undefined) return { rows, leftLines: undefined, refused };
    const { staged, count } = stage(plan, content);
    for (const [route, lines] of staged) {
      try {
        for (const [line, row] of await this.#load(plan, route, Buffer.concat(lines))) rows.set(line, row);
      } catch (error) {
        refused.push(`${plan.routes[route]?.id ?? ''}: ${messageOf(error)}`);
      }
    }
    return { rows, leftLines: count - rows.size, refused };
  }

  async #load(plan: BulkPlan, index: number, lines: Buffer): Promise<[line: number, row: EventRow][]> {
    const { layout } = plan;
    const route = plan.routes[index] as BulkRoute;
    if (layout.type === 'delimited') {
      const feed = delimitedFeed(lines, layout, cellColumns(layout, route.mapping));
      return this.#tables.reading(feed, (from) => this.#select(plan, index, from));
    }
    const path = join(this.#folder, 'staged');
    writeFileSync(path, lines);
    return this.#select(plan, index, flatLines(route, path));
  }

  async #select(plan: BulkPlan, route: number, from: string): Promise<[line: number, row: EventRow][]> {
    const { kind } = plan.routes[route]?.mapping ?? { kind: 'log' };
    const nothing = Object.fromEntries(columnEntries(kind).map(([name]) => [name, null]));
    const result = await this.#connection.runAndReadAll(bulkSelect(plan, route, from, 0, plan.headerLines + 1).sql);
    const names = result.columnNames();
    const found = result.getRows().map((values, index): [number, EventRow] | undefined => {
      const cells = Object.fromEntries(names.map((name, at) => [name, toSqlValue(values[at] ?? null)]));
      const { irregular, evidence_line: firstLine, ...columns } = cells;
      // Delimited rows are numbered by their place, those of JSON by the line that was staged with them.
      const line = Number(columns['evidence_at'] ?? Number(firstLine) + index);
      const row = { kind, ...nothing, ...columns, evidence_at: line } as EventRow;
      return irregular === true ? undefined : [line, row];
    });
    return found.filter((entry) => entry !== undefined);
  }
}

/** Lines of each route as the store lays them down, and how many there are. */
function stage(plan: BulkPlan, content: Buffer): { staged: Map<number, Buffer[]>; count: number } {
  const staged = new Map<number, Buffer[]>();
  let count = 0;
  const { layout } = plan;
  const length = layout.type === 'json' ? content.length : endOfRows(content, layout.comment);
  for (let start = plan.headerBytes, line = plan.headerLines + 1; start < length; line++) {
    const end = content.indexOf(newline, start);
    const stop = end < 0 ? length : end;
    const route = plan.route?.(content, start, stop) ?? 0;
    const lines = staged.get(route) ?? [];
    const isJson = layout.type === 'json';
    if (isJson) lines.push(Buffer.from(`{"${stageLineKey}":${line},`));
    lines.push(content.subarray(isJson ? start + 1 : start, stop), Buffer.from('\n'));
    if (route >= 0) staged.set(route, lines);
    count++;
    start = stop + 1;
  }
  return { staged, count };
}

/** Comments at the end are no rows; the store leaves them out before it looks. */
function endOfRows(content: Buffer, comment: string): number {
  let end = content.length;
  for (;;) {
    const start = content.lastIndexOf(newline, end - 2) + 1;
    if (start === 0 || !content.toString('latin1', start, end).startsWith(comment)) return end;
    end = start;
  }
}

/** The first difference between a row of the bulk load and the decoder's event. */
export function bulkDifference(row: EventRow, event: EventRow): string | undefined {
  const name = Object.keys(event).find(
    (column) => !isDeepStrictEqual(comparable(column, row), comparable(column, event)),
  );
  return name === undefined
    ? undefined
    : `${name} ${JSON.stringify(row[name])} instead of ${JSON.stringify(event[name])}`;
}

/** The order of keys in `fields` means nothing. */
function comparable(column: string, row: EventRow): unknown {
  const value = row[column];
  return column === 'fields' && typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
}
