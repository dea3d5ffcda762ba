import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { silentLogger } from '../src/base/logger.ts';
import { huntRules } from '../src/case/hunt-rules.ts';
import type { RuleHunt } from '../src/case/service.ts';
import { language as sigma } from '../src/detect/rules/sigma/index.ts';
import type { VakthundEvent } from '../src/events/event.ts';
import { openDuckdbStore } from '../src/store/duckdb/duckdb-store.ts';
import type { Store } from '../src/store/store.ts';
import { readArchives } from '../tests/conformance/suites/sigma-cases/archive.ts';
import { repositoryRoot } from '../tools/run-arguments.ts';
import { cpuSeconds, type Bench, type BenchResult } from './bench.ts';
import { storedEvents } from './data/stored-events.ts';

const corpus = resolve(repositoryRoot, process.env['VAKTHUND_CORPUS'] ?? '../shared/corpus');
/** With `VAKTHUND_BENCH_LARGE=1` the size that must be hunted in a minute. */
const rows = process.env['VAKTHUND_BENCH_LARGE'] === '1' ? 10_000_000 : 1_000_000;
const rowsPerCommit = 200_000;

/** All rules of Sigma over stored events of a network and of hosts, in seconds of a clock on the wall; the rules are loaded before. */
export const bench: Bench = {
  id: 'hunt',
  async run(): Promise<readonly BenchResult[]> {
    if (!existsSync(join(corpus, 'host/sigma'))) return [];
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
    try {
      const store = await openDuckdbStore({ folder, threads: 2 });
      await fill(store);
      const result = await hunt(store);
      await store.close();
      return [result];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function fill(store: Store): Promise<void> {
  const empty = { done_byte: 0, done_line: 0, done_state: null, is_complete: true, added_at: 0 };
  const hashes = { sha256: '0', content_sha256: '0', head_sha256: '0' };
  const evidenceId = await store.addEvidence({ path: 'made-up', size: 1, source: null, ...hashes, ...empty });
  const progress = { byte: 1, line: 1, state: null, isComplete: true };
  const batch = store.newBatch(evidenceId);
  let group: VakthundEvent[] = [];
  for (const event of storedEvents(rows, 1)) {
    if (group.push(event) < 1000) continue;
    batch.add(group);
    group = [];
    if (batch.count >= rowsPerCommit) await store.commit({ evidenceId, events: batch, problems: [], progress });
  }
  batch.add(group);
  await store.commit({ evidenceId, events: batch, problems: [], progress });
}

async function hunt(store: Store): Promise<BenchResult> {
  const files = [...(await readArchives(corpus, 'host/sigma/sigmahq-rules-*.tar.gz'))]
    .filter(([name]) => name.endsWith('.yml'))
    .map(([path, bytes]) => ({ path, text: bytes.toString('utf8') }));
  const sets = [{ language: sigma, set: sigma.load(files) }];
  const options = { store, logger: silentLogger, timeoutMs: 600_000, maxRows: 1000, signal: undefined };
  let found: RuleHunt | undefined;
  const startedAt = performance.now();
  const cpu = await cpuSeconds(async () => {
    found = await huntRules(sets, { ...options, onProgress: () => undefined });
  });
  if (found === undefined || found.matched.length === 0) throw new Error('no rule matched');
  const asked = `${found.rules} rules, ${found.events} events of their kinds, ${found.matched.length} rules matched`;
  process.stderr.write(`${asked}\n`);
  return {
    id: `hunt/${rows / 1e6}M events`,
    value: (performance.now() - startedAt) / 1000,
    unit: 's',
    cpu_s: cpu,
    peak_bytes: process.resourceUsage().maxRSS * 1024,
    runs: 1,
  };
}
