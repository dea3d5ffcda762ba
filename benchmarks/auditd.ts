import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { silentLogger } from '../src/base/logger.ts';
import { source } from '../src/collect/sources/auditd/index.ts';
import { contentStart } from '../src/collect/source.ts';
import { repositoryRoot } from '../tools/run-arguments.ts';
import { cpuSeconds, median, type Bench, type BenchResult } from './bench.ts';

const corpus = resolve(repositoryRoot, process.env['VAKTHUND_CORPUS'] ?? '../shared/corpus');
/** Recorded logs: mostly programs that start, and mostly files that are opened. */
const logs = ['host/auditd/live/sims.log.gz', 'falco/live/scenarioA.audit.log.gz'];
const inputBytes = 200e6;
const chunkBytes = 65_536;
const runs = 5;

/** Decoding of recorded audit logs, each repeated to 200 MB in memory, beside ausearch writing the same as CSV. */
export const bench: Bench = {
  id: 'auditd',
  async run(): Promise<readonly BenchResult[]> {
    const results: BenchResult[] = [];
    for (const log of logs.map((name) => join(corpus, name)).filter((path) => existsSync(path))) {
      results.push(await benchLog(log));
    }
    return results;
  },
};

async function benchLog(path: string): Promise<BenchResult> {
  const one = gunzipSync(readFileSync(path));
  const times = Math.ceil(inputBytes / one.length);
  const megabytes = (one.length * times) / 1e6;
  await decode(one, 3);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(await cpuSeconds(() => decode(one, times)));
    const peer = ausearchSeconds(one, 12);
    if (peer !== undefined) theirs.push(peer / ((one.length * 12) / 1e6));
  }
  const value = megabytes / median(ours);
  const peer = theirs.length === 0 ? {} : { peer: 'ausearch --format csv', ratio: value * median(theirs) };
  const memory = { peak_bytes: process.resourceUsage().maxRSS * 1024 };
  const id = `auditd/${basename(path, '.gz')}`;
  return { id, value, unit: 'MB/CPU-s', ...peer, cpu_s: median(ours), ...memory, runs };
}

async function decode(log: Buffer, times: number): Promise<void> {
  async function* content(): AsyncGenerator<Uint8Array> {
    for (let round = 0; round < times; round++) {
      for (let at = 0; at < log.length; at += chunkBytes) yield log.subarray(at, at + chunkBytes);
    }
  }
  let events = 0;
  const context = { name: 'audit.log', start: contentStart, growing: false, logger: silentLogger };
  for await (const batch of source.decode(content(), context)) events += batch.events.length;
  if (events === 0) throw new Error('no event was read');
}

/** CPU seconds of ausearch over the log, repeated; undefined when it is not installed. */
function ausearchSeconds(log: Buffer, times: number): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
  try {
    const file = join(folder, 'audit.log');
    writeFileSync(file, Buffer.concat(Array.from({ length: times }, () => log)));
    const script = 'TIMEFORMAT="%U %S"; time ausearch -if "$0" --format csv > /dev/null 2>&1';
    const { stderr, status } = spawnSync('bash', ['-c', script, file], { encoding: 'utf8' });
    const [user = 0, system = 0] = stderr.trim().split(' ').map(Number);
    return status === 0 ? user + system : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
