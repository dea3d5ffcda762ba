import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { silentLogger } from '../src/base/logger.ts';
import { createLocalNetworks } from '../src/base/networks.ts';
import type { Analytic } from '../src/detect/analytic.ts';
import { analytic as beacon } from '../src/detect/analytics/beacon/index.ts';
import { analytic as longConnection } from '../src/detect/analytics/long-connection/index.ts';
import { analytic as strobe } from '../src/detect/analytics/strobe/index.ts';
import { openDuckdbStore } from '../src/store/duckdb/duckdb-store.ts';
import type { Store } from '../src/store/store.ts';
import { cpuSeconds, median, type Bench, type BenchResult } from './bench.ts';

/** The three analytics that stand for RITA's connection analysis, over a made-up day of a network of 2,000 hosts. */
export const bench: Bench = {
  id: 'rita',
  async run(): Promise<readonly BenchResult[]> {
    const results = await benchRows(1_000_000, 3);
    const large = process.env['VAKTHUND_BENCH_LARGE'] === '1' ? await benchRows(20_000_000, 3) : [];
    return [...results, ...large];
  },
};

const runs: readonly (readonly [string, Analytic, Readonly<Record<string, unknown>>])[] = [
  ['beacon', beacon, {}],
  ['long-connection', longConnection, {}],
  ['strobe', strobe, {}],
  ['beacon as rita-code', beacon, { profile: 'rita-code' }],
];

async function benchRows(rows: number, count: number): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
  try {
    await makeTraffic(folder, rows);
    const store = await openDuckdbStore({ folder, threads: 2 });
    const results: BenchResult[] = [];
    for (const [name, analytic, settings] of runs) {
      results.push(await benchAnalytic(`rita/${rows / 1e6}M connections/${name}`, store, analytic, settings, count));
    }
    await store.close();
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchAnalytic(
  id: string,
  store: Store,
  analytic: Analytic,
  settings: Readonly<Record<string, unknown>>,
  count: number,
): Promise<BenchResult> {
  const seconds: number[] = [];
  const cpu: number[] = [];
  for (let run = 0; run < count; run++) {
    const started = performance.now();
    cpu.push(
      await cpuSeconds(async () => {
        let findings = 0;
        for await (const finding of analytic.run({
          store,
          timeCondition: 'TRUE',
          since: undefined,
          until: undefined,
          networks: createLocalNetworks(),
          settings: analytic.settings.parse(settings),
          logger: silentLogger,
          notChecked: () => undefined,
        })) {
          findings += finding.count > 0 ? 1 : 0;
        }
        if (analytic.id === 'beacon' && findings === 0) throw new Error('the planted beacons were not found');
      }),
    );
    seconds.push((performance.now() - started) / 1000);
  }
  return {
    id,
    value: median(seconds),
    unit: 's',
    cpu_s: median(cpu),
    peak_bytes: process.memoryUsage().rss,
    runs: count,
  };
}

/**
 * A day of traffic, written into the case by SQL: 2,000 hosts, half of whose connections go to destinations of falling
 * popularity and half to forty of their own, at random times, 200 beacons with jitter, and a 443-byte to 40 kB spread of sizes. The same for every run.
 */
async function makeTraffic(folder: string, rows: number): Promise<void> {
  const store = await openDuckdbStore({ folder });
  await store.addEvidence({
    path: 'made-up',
    sha256: '',
    content_sha256: '',
    size: 0,
    head_sha256: '',
    source: null,
    done_byte: 0,
    done_line: 0,
    done_state: null,
    is_complete: true,
    added_at: 0,
  });
  await store.close();
  const instance = await DuckDBInstance.create(join(folder, 'case.duckdb'));
  const connection = await instance.connect();
  const random = (salt: number): string => `(hash(i * 16 + ${salt}) / 18446744073709551616.0)`;
  await connection.run(`INSERT INTO hot.flow BY NAME
    SELECT make_timestamp((1700000000 * 1000000::BIGINT + (seconds * 1000000)::BIGINT)) AS time, 'zeek.conn' AS event_dataset,
      1::BIGINT AS evidence_id, i::BIGINT AS evidence_at, 'C' || hash(i, 9) AS uid,
      '10.' || (host // 250) || '.' || (host % 250) || '.7' AS source_ip, (1024 + i % 60000)::BIGINT AS source_port,
      (20 + there % 180) || '.' || (there // 180) % 250 || '.' || (there // 45000) || '.9' AS destination_ip,
      443::BIGINT AS destination_port, 'tcp' AS network_transport, 'ssl' AS network_protocol,
      (100000 + 4e8 * ${random(5)} * ${random(6)})::BIGINT AS event_duration, 'SF' AS conn_state, TRUE AS local_orig,
      (443 + 40000 * ${random(7)})::BIGINT AS source_bytes, (900 + 90000 * ${random(8)})::BIGINT AS destination_bytes
    FROM (SELECT *, CASE WHEN ${random(10)} < 0.5 THEN 60000 + host * 40 + (40 * ${random(11)})::INTEGER
        ELSE (60000 * pow(${random(2)}, 4))::INTEGER END AS there
      FROM (SELECT i, (2000 * ${random(1)})::INTEGER AS host, 86400 * ${random(3)} AS seconds FROM range(${rows}) AS t(i)))`);
  await connection.run(`INSERT INTO hot.flow BY NAME
    SELECT make_timestamp((1700000000 * 1000000::BIGINT + (seconds * 1000000)::BIGINT)) AS time, 'zeek.conn' AS event_dataset,
      1::BIGINT AS evidence_id, (${rows} + i)::BIGINT AS evidence_at, 'B' || i AS uid, '10.0.' || (pair % 250) || '.7' AS source_ip,
      (1024 + i % 60000)::BIGINT AS source_port, '203.0.113.' || pair AS destination_ip, 443::BIGINT AS destination_port,
      'tcp' AS network_transport, 250000::BIGINT AS event_duration, 'SF' AS conn_state, TRUE AS local_orig,
      420::BIGINT AS source_bytes, 1200::BIGINT AS destination_bytes
    FROM (SELECT i, i % 200 AS pair, (i // 200) * 300 + 90 * ${random(4)} AS seconds FROM range(${200 * 288}) AS t(i))`);
  connection.closeSync();
  instance.closeSync();
}
