import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../../../../src/base/errors.ts';
import { silentLogger } from '../../../../src/base/logger.ts';
import type { Problem } from '../../../../src/base/problem.ts';
import { source } from '../../../../src/collect/sources/suricata-eve/index.ts';
import type { VakthundEvent } from '../../../../src/events/event.ts';
import { bulkSelect } from '../../../../src/store/duckdb/bulk/sql.ts';
import { toSqlValue } from '../../../../src/store/duckdb/values.ts';
import type { BulkPlan } from '../../../../src/store/bulk.ts';
import { stageLineKey } from '../../../../src/store/store.ts';

/** The two ways from EVE to events: the source's decoder, and the columns that the store makes of the same lines. */

type Row = Readonly<Record<string, unknown>>;

export async function decodeEve(content: Uint8Array): Promise<{ events: VakthundEvent[]; problems: Problem[] }> {
  const events: VakthundEvent[] = [];
  const problems: Problem[] = [];
  const context = { name: 'eve.json', start: { byte: 0, line: 0 }, growing: false, logger: silentLogger };
  for await (const batch of source.decode(once(content), context)) {
    events.push(...batch.events);
    problems.push(...batch.problems);
  }
  return { events, problems };
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

export interface BulkEvents {
  /** By line number. */
  readonly rows: ReadonlyMap<number, Row>;
  /** Lines that the store found irregular, and how many lines had no route: both go to the decoder. */
  readonly irregular: ReadonlySet<number>;
  readonly unrouted: number;
  /** Routes whose load failed, with the store's words. */
  readonly broken: readonly string[];
}

/** What the bulk load makes of a content whose first line is regular; nothing when there is no plan for it. */
export async function bulkEvents(content: Buffer): Promise<BulkEvents> {
  const plan = source.bulk?.('eve.json', content.subarray(0, 65_536));
  const rows = new Map<number, Row>();
  const irregular = new Set<number>();
  const broken: string[] = [];
  if (plan === undefined) return { rows, irregular, unrouted: 0, broken };
  const { staged, unrouted } = stage(plan, content);
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-eve-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const [route, lines] of staged) {
      const path = join(folder, String(route));
      writeFileSync(path, lines.join(''));
      try {
        await load(connection, plan, route, path, rows, irregular);
      } catch (error) {
        broken.push(`${plan.routes[route]?.id ?? ''}: ${messageOf(error)}`);
      }
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
  return { rows, irregular, unrouted, broken };
}

function stage(plan: BulkPlan, content: Buffer): { staged: Map<number, string[]>; unrouted: number } {
  const staged = new Map<number, string[]>();
  let unrouted = 0;
  for (let start = 0, line = 1; start < content.length; line++) {
    const found = content.indexOf(10, start);
    const end = found < 0 ? content.length : found;
    const route = plan.route?.(content, start, end) ?? 0;
    if (route < 0) unrouted++;
    else {
      const lines = staged.get(route) ?? [];
      lines.push(`{"${stageLineKey}":${line},${content.toString('utf8', start + 1, end)}\n`);
      staged.set(route, lines);
    }
    start = end + 1;
  }
  return { staged, unrouted };
}

async function load(
  connection: DuckDBConnection,
  plan: BulkPlan,
  route: number,
  path: string,
  rows: Map<number, Row>,
  irregular: Set<number>,
): Promise<void> {
  const result = await connection.runAndReadAll(bulkSelect(plan, route, path, 0, 1).sql);
  const names = result.columnNames();
  for (const values of result.getRows()) {
    const {
      irregular: isIrregular,
      evidence_line: _line,
      ...columns
    } = Object.fromEntries(names.map((name, index) => [name, toSqlValue(values[index] ?? null)]));
    const line = Number(columns['evidence_at']);
    rows.set(line, { kind: plan.routes[route]?.mapping.kind, ...columns });
    if (isIrregular === true) irregular.add(line);
  }
}

/** Where the row of the bulk load differs from the event of the decoder; nothing for lines that are the decoder's own. */
export function differences(bulk: BulkEvents, event: VakthundEvent): { got: string; want: string }[] {
  const line = event.evidence_at ?? 0;
  const row = bulk.rows.get(line);
  if (row === undefined || bulk.irregular.has(line)) return [];
  const columns = event as unknown as Row;
  return Object.keys(columns)
    .filter((name) => !isDeepStrictEqual(comparable(name, row[name]), comparable(name, columns[name])))
    .map((name) => ({ got: `${name} ${JSON.stringify(row[name])}`, want: `${name} ${JSON.stringify(columns[name])}` }));
}

/** The order of keys in `fields` means nothing. */
function comparable(name: string, value: unknown): unknown {
  return name === 'fields' && typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
}
