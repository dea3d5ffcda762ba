import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalCase } from '../src/case/local-case.ts';
import { defaultCaseSettings } from '../src/case/case-settings.ts';
import { silentLogger } from '../src/base/logger.ts';
import { cpuSeconds, type Bench, type BenchResult } from './bench.ts';
import { generate } from './generate.ts';

/** With `VAKTHUND_BENCH_LARGE=1` the size that must fit a small machine: 2.7 GB of log, so it is not made by default. */
const rows = process.env['VAKTHUND_BENCH_LARGE'] === '1' ? 20_000_000 : 2_000_000;

/**
 * A day of Zeek connections through the whole of an investigation: hashed, loaded, enriched, looked at by every detector
 * and made into incidents. One run, on two threads, in seconds of a clock on the wall.
 */
export const bench: Bench = {
  id: 'scale',
  async run(): Promise<readonly BenchResult[]> {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
    try {
      const path = join(folder, 'conn.log');
      generate('zeek-conn-tsv', rows, path);
      return [await investigate(path, join(folder, 'case'))];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function investigate(path: string, folder: string): Promise<BenchResult> {
  const settings = { ...defaultCaseSettings, threads: 2 };
  const started = performance.now();
  const phases = new Map<string, number>();
  const cpu = await cpuSeconds(async () => {
    const service = await openLocalCase({ folder, settings, logger: silentLogger, now: () => 1_800_000_000_000_000 });
    const onProgress = ({ phase }: { phase: string }): void => {
      if (!phases.has(phase)) phases.set(phase, (performance.now() - started) / 1000);
    };
    await service.investigate({ paths: [path], only: [], skip: [], indicators: [], rules: [] }, { onProgress });
    const { rows: found } = await service.query(
      { sql: 'SELECT count(*) AS n FROM flow', timeoutMs: 60_000, maxRows: 1 },
      {},
    );
    if (Number(found[0]?.[0]) !== rows) throw new Error(`${String(found[0]?.[0])} of ${rows} rows are in the case`);
    await service.close();
  });
  const begun = [...phases].map(([phase, seconds]) => `${phase} from ${seconds.toFixed(0)} s`);
  process.stderr.write(`${begun.join(', ')}\n`);
  return {
    id: `scale/${rows / 1e6}M connections`,
    value: (performance.now() - started) / 1000,
    unit: 's',
    cpu_s: cpu,
    peak_bytes: process.resourceUsage().maxRSS * 1024,
    runs: 1,
  };
}
