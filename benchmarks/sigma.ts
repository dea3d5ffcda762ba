import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { silentLogger } from '../src/base/logger.ts';
import { contentStart, type Source } from '../src/collect/source.ts';
import { sources } from '../src/collect/sources/registry.generated.ts';
import { collectSigma } from '../src/detect/rules/sigma/collection.ts';
import { planRule, type RulePlan } from '../src/detect/rules/sigma/run/plan.ts';
import type { EventRow } from '../src/events/event.ts';
import { eventFormat } from '../src/match/event-format.ts';
import { compileEventSet } from '../src/match/event-set.ts';
import { readArchives } from '../tests/conformance/suites/sigma-cases/archive.ts';
import { repositoryRoot } from '../tools/run-arguments.ts';
import { cpuSeconds, median, type Bench, type BenchResult } from './bench.ts';
import { variedEvents } from './data/varied-events.ts';

const corpus = resolve(repositoryRoot, process.env['VAKTHUND_CORPUS'] ?? '../shared/corpus');
const runs = 3;
/** Events that one run judges. */
const eventsPerRun = 30_000;

/** All rules of a product at once over decoded events, as they would come live: events per CPU-second, decoding left out. */
export const bench: Bench = {
  id: 'sigma',
  async run(): Promise<readonly BenchResult[]> {
    if (!existsSync(join(corpus, 'host/sigma'))) return [];
    const files = [...(await readArchives(corpus, 'host/sigma/sigmahq-rules-*.tar.gz'))]
      .filter(([name]) => name.endsWith('.yml'))
      .map(([path, bytes]) => ({ path, text: bytes.toString('utf8') }));
    const rules = collectSigma(files).rules.map(({ document }) => document);
    const plansFor = (product: string): RulePlan[] =>
      rules.filter(({ logsource }) => logsource.product === product).map(planRule);
    const logs = [...(await readArchives(corpus, 'host/sigma/regression-evtx-*.tar.gz'))];
    const windows: EventRow[] = [];
    for (const [name, bytes] of logs.filter(([path]) => path.endsWith('.evtx'))) {
      windows.push(...(await decode('evtx', name, bytes)));
    }
    const linux: EventRow[] = [];
    for (const name of globSync('host/auditd/live/*.log.gz', { cwd: corpus })) {
      linux.push(...(await decode('auditd', name, gunzipSync(readFileSync(join(corpus, name))))));
    }
    return [
      await benchRules('sigma/windows', plansFor('windows'), windows),
      await benchRules('sigma/linux', plansFor('linux'), linux),
    ];
  },
};

async function decode(id: string, name: string, bytes: Buffer): Promise<EventRow[]> {
  const source = (Object.values(sources) as readonly Source[]).find((one) => one.id === id);
  if (source === undefined) throw new Error(`there is no source "${id}"`);
  const content = (async function* () {
    yield await Promise.resolve(bytes);
  })();
  const events: EventRow[] = [];
  const context = { name, start: contentStart, growing: false, logger: silentLogger };
  for await (const batch of source.decode(content, context)) events.push(...(batch.events as readonly EventRow[]));
  return events;
}

async function benchRules(id: string, plans: readonly RulePlan[], recorded: readonly EventRow[]): Promise<BenchResult> {
  const set = compileEventSet(plans, eventFormat);
  const events = variedEvents(recorded, eventsPerRun);
  let matches = 0;
  const judge = (): void => {
    for (const event of events) matches += set.match(event).length;
  };
  judge();
  if (matches === 0) throw new Error('no rule matched');
  const seconds: number[] = [];
  for (let run = 0; run < runs; run++) seconds.push(await cpuSeconds(judge));
  const value = events.length / median(seconds);
  return { id, value, unit: 'events/CPU-s', cpu_s: median(seconds), runs };
}
