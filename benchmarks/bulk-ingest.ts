import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { silentLogger } from '../src/base/logger.ts';
import { defaultOpenLimits } from '../src/collect/open/limits.ts';
import { ingest } from '../src/case/ingest.ts';
import { openDuckdbStore } from '../src/store/duckdb/duckdb-store.ts';
import { cpuSeconds, median, type Bench, type BenchResult } from './bench.ts';
import { generate, type DataSetName } from './generate.ts';

const runs = 3;

/** What is loaded, and how DuckDB alone loads the same file with typed columns into the same kind of target. */
interface Load {
  readonly id: string;
  readonly data: DataSetName;
  readonly rows: number;
  readonly name: string;
  readonly peerSelect: (path: string) => string;
}

const connTypes = {
  ts: 'DOUBLE',
  uid: 'VARCHAR',
  'id.orig_h': 'VARCHAR',
  'id.orig_p': 'INTEGER',
  'id.resp_h': 'VARCHAR',
  'id.resp_p': 'INTEGER',
  proto: 'VARCHAR',
  service: 'VARCHAR',
  duration: 'DOUBLE',
  orig_bytes: 'BIGINT',
  resp_bytes: 'BIGINT',
  conn_state: 'VARCHAR',
  local_orig: 'VARCHAR',
  local_resp: 'VARCHAR',
  missed_bytes: 'BIGINT',
  history: 'VARCHAR',
  orig_pkts: 'BIGINT',
  orig_ip_bytes: 'BIGINT',
  resp_pkts: 'BIGINT',
  resp_ip_bytes: 'BIGINT',
  tunnel_parents: 'VARCHAR',
} as const;

const loads: readonly Load[] = [
  {
    id: 'bulk/ingest/zeek-conn-tsv',
    data: 'zeek-conn-tsv',
    rows: 1_000_000,
    name: 'conn.log',
    peerSelect: (path) => {
      const columns = Object.entries(connTypes).map(([name, type]) => `'${name}': '${type}'`);
      // Without a trailing #close, the header is what a reader has to get over; `comment` does that in one piece.
      return `SELECT * FROM read_csv('${path}', auto_detect = false, header = false, delim = '\t', comment = '#', nullstr = '-', quote = '', escape = '', columns = {${columns.join(', ')}})`;
    },
  },
  {
    id: 'bulk/ingest/eve',
    data: 'eve',
    rows: 300_000,
    name: 'eve.json',
    peerSelect: (path) =>
      `SELECT * FROM read_json('${path}', format = 'newline_delimited', sample_size = 20000, union_by_name = true)`,
  },
];

/** Whole ingest into a case (hashes, ledger, checks, sealed parts) beside DuckDB's own load of the same file to Parquet. */
export const bench: Bench = {
  id: 'bulk/ingest',
  async run(): Promise<readonly BenchResult[]> {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
    try {
      const results: BenchResult[] = [];
      for (const load of loads) results.push(await benchLoad(load, folder));
      return results;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function benchLoad(load: Load, folder: string): Promise<BenchResult> {
  const path = join(folder, load.name);
  generate(load.data, load.rows, path);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(await cpuSeconds(() => ingestInto(join(folder, `case-${run}`), path)));
    theirs.push(await cpuSeconds(() => peerLoad(load.peerSelect(path), join(folder, 'peer.parquet'))));
  }
  const cpu = median(ours);
  return {
    id: load.id,
    value: load.rows / cpu,
    unit: 'rows/CPU-s',
    peer: 'duckdb typed read to Parquet zstd, level 1',
    ratio: median(theirs) / cpu,
    cpu_s: cpu,
    peak_bytes: process.resourceUsage().maxRSS * 1024,
    runs,
  };
}

async function ingestInto(folder: string, path: string): Promise<void> {
  const store = await openDuckdbStore({ folder });
  const summary = await ingest([path], {
    store,
    limits: defaultOpenLimits,
    bulkMinBytes: 1,
    now: () => 1_800_000_000_000_000,
    logger: silentLogger,
    signal: undefined,
    onProgress: () => undefined,
  });
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  if (summary.events === 0) throw new Error('nothing was loaded');
}

async function peerLoad(select: string, target: string): Promise<void> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  // As the parts of a case are written.
  await connection.run(`COPY (${select}) TO '${target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`);
  connection.closeSync();
  instance.closeSync();
}
