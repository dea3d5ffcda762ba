import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { silentLogger } from '../src/base/logger.ts';
import { source } from '../src/collect/sources/zeek/index.ts';
import { contentStart } from '../src/collect/source.ts';
import type { BulkPlan, BulkRoute } from '../src/store/bulk.ts';
import { cellColumns } from '../src/store/duckdb/bulk/column-forms.ts';
import { delimitedFeed } from '../src/store/duckdb/bulk/delimited-feed.ts';
import { flatLines } from '../src/store/duckdb/bulk/flat-rows.ts';
import { bulkSelect } from '../src/store/duckdb/bulk/sql.ts';
import { PartEncoder } from '../src/store/duckdb/part-encoder.ts';
import { stageLineKey } from '../src/store/store.ts';
import { cpuSeconds, median, type Bench, type BenchResult } from './bench.ts';
import { generate } from './generate.ts';

const rows = 500_000;
const runs = 5;
const chunkBytes = 1 << 20;
const newline = 10;

/**
 * Zeek connections, part by part. `load`: lines into Parquet, the look through them included, beside DuckDB's own
 * reading of the same rows with typed columns. `decode`: rows to events one by one, beside cutting the lines apart.
 */
export const bench: Bench = {
  id: 'zeek/ingest',
  async run(): Promise<readonly BenchResult[]> {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run("SET TimeZone = 'UTC'");
    try {
      const results: BenchResult[] = [];
      for (const format of ['tsv', 'json'] as const) {
        const path = join(folder, 'conn.log');
        generate(`zeek-conn-${format}`, rows, path);
        const content = readFileSync(path);
        results.push(await benchLoad(format, content, folder, connection), await benchDecode(format, content));
      }
      return results;
    } finally {
      connection.closeSync();
      rmSync(folder, { recursive: true });
    }
  },
};

type Load = (connection: DuckDBConnection, select: string) => Promise<void>;

async function benchLoad(
  format: 'tsv' | 'json',
  content: Buffer,
  folder: string,
  connection: DuckDBConnection,
): Promise<BenchResult> {
  const plan = source.bulk?.('conn.log', content.subarray(0, 65_536));
  if (plan === undefined) throw new Error('there is no plan for the log');
  const lines = format === 'tsv' ? rowsOf(content, plan.headerBytes) : numbered(content);
  const staged = join(folder, 'staged');
  writeFileSync(staged, lines);
  const load = loadOf(plan, lines, staged, folder, connection);
  const copy: Load = async (on, select) => {
    await on.run(`COPY (${select}) TO '${join(folder, 'out.parquet')}' (FORMAT parquet, COMPRESSION zstd)`);
  };
  const peer =
    format === 'tsv' ? typedCsv(staged) : `SELECT * FROM read_json('${staged}', format = 'newline_delimited')`;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(await cpuSeconds(() => load(copy)));
    theirs.push(await cpuSeconds(() => copy(connection, peer)));
  }
  await load(async (on, select) => {
    const found = await on.runAndReadAll(`SELECT count(*) FILTER (WHERE irregular) FROM (${select})`);
    if (Number(found.getRows()[0]?.[0]) > 0) throw new Error('rows are irregular');
  });
  return result(`load-${format}`, ours, 'duckdb typed read to Parquet zstd', theirs);
}

/** Does something with the rows as the store does: lines of text from our memory, of JSON from a staged file. */
function loadOf(
  plan: BulkPlan,
  lines: Buffer,
  staged: string,
  folder: string,
  connection: DuckDBConnection,
): (work: Load) => Promise<void> {
  const { layout, routes } = plan;
  const route = routes[0] as BulkRoute;
  const select = (from: string): string => bulkSelect(plan, 0, from, 1, 1).sql;
  if (layout.type === 'json') return (work) => work(connection, select(flatLines(route, staged)));
  const encoder = new PartEncoder(folder, folder);
  const columns = cellColumns(layout, route.mapping);
  return (work) => encoder.reading(delimitedFeed(lines, layout, columns), (on, from) => work(on, select(from)));
}

async function benchDecode(format: 'tsv' | 'json', content: Buffer): Promise<BenchResult> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(await cpuSeconds(() => decode(content)));
    theirs.push(await cpuSeconds(() => parse(format, content)));
  }
  return result(`decode-${format}`, ours, format === 'tsv' ? 'lines split alone' : 'JSON.parse alone', theirs);
}

function result(id: string, ours: readonly number[], peer: string, theirs: readonly number[]): BenchResult {
  const cpu = median(ours);
  return {
    id: `zeek/ingest/${id}`,
    value: rows / cpu,
    unit: 'rows/CPU-s',
    peer,
    ratio: median(theirs) / cpu,
    cpu_s: cpu,
    runs,
  };
}

/** Lines of rows only, as the case stages them. */
function rowsOf(content: Buffer, headerBytes: number): Buffer {
  const end = content.indexOf('\n#', headerBytes);
  return content.subarray(headerBytes, end < 0 ? undefined : end + 1);
}

function numbered(content: Buffer): Buffer {
  const lines = content.toString('latin1').split('\n').slice(0, -1);
  const text = lines.map((line, index) => `{"${stageLineKey}":${index + 1},${line.slice(1)}\n`).join('');
  return Buffer.from(text, 'latin1');
}

function typedCsv(path: string): string {
  const columns = columnTypes.map((type, index) => `'c${index}': '${type}'`).join(', ');
  return `SELECT * FROM read_csv('${path}', auto_detect = false, header = false, delim = '\t', nullstr = '-', quote = '', escape = '', columns = {${columns}})`;
}

/** Of the columns that `generate` writes for connections. */
const columnTypes = (
  'DOUBLE VARCHAR VARCHAR BIGINT VARCHAR BIGINT VARCHAR VARCHAR DOUBLE BIGINT BIGINT VARCHAR BOOLEAN BOOLEAN BIGINT ' +
  'VARCHAR BIGINT BIGINT BIGINT BIGINT VARCHAR'
).split(' ');

async function decode(content: Buffer): Promise<void> {
  const context = { name: 'conn.log', start: contentStart, growing: false, logger: silentLogger };
  let events = 0;
  for await (const batch of source.decode(chunks(content), context)) events += batch.events.length;
  if (events !== rows) throw new Error(`${events} of ${rows} rows were read`);
}

async function* chunks(content: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += chunkBytes) yield content.subarray(at, at + chunkBytes);
}

function parse(format: 'tsv' | 'json', content: Buffer): void {
  for (let start = 0; start < content.length;) {
    const end = content.indexOf(newline, start);
    const line = content.toString('latin1', start, end < 0 ? content.length : end);
    if (format === 'tsv') line.split('\t');
    else JSON.parse(line);
    start = end < 0 ? content.length : end + 1;
  }
}
