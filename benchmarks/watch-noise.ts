import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sensor } from '../src/collect/sensors/audit/index.ts';
import { OwnPodman } from '../tests/support/own-podman.ts';
import { whileAuditing, whyNoAuditRules } from './data/audit-rules.ts';
import { dailyWork, realBuilds, realPackages } from './data/daily-work.ts';
import { ThrowawayRoot } from './data/throwaway-root.ts';
import type { Bench, BenchResult } from './bench.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'src/cli/main.ts');
/** Marks what is done for this: other work on the machine does not count. */
const login = 424_243;
const settleMs = 3000;
const containers = 5;
/** With VAKTHUND_BENCH_LARGE=1 the work is done again and again for so long, and real packages are installed from the archive of Debian. */
const largeMs = Number(process.env['VAKTHUND_BENCH_MINUTES'] ?? 20) * 60_000;
/** Where the log is left, to be judged again after a rule was changed; nowhere when it is not said. */
const keptLog = process.env['VAKTHUND_BENCH_KEEP'];
/** As a watch counts repeats. */
const repeatMicros = 300e6;

/**
 * What package installs, builds and container starts give, recorded by the audit with the shipped rules and reckoned for an hour of nothing else: matches
 * of our rules, what of it is told once alike ones are counted, and matches of Falco's default rules over the same records; and the incidents of
 * it all. Says how many programs were seen to start: where nothing is recorded, nothing is noisy.
 */
export const bench: Bench = {
  id: 'watch/noise',
  async run(): Promise<readonly BenchResult[]> {
    const why = (await sensor.whyNot()) ?? whyNoAuditRules();
    if (why !== undefined) {
      process.stderr.write(`watch/noise is skipped: ${why}\n`);
      return [];
    }
    // Nobody builds in a folder for temporary files: what runs from there is told.
    const folder = mkdtempSync('/srv/vkn-');
    const podman = await OwnPodman.start(folder);
    const isLarge = process.env['VAKTHUND_BENCH_LARGE'] === '1';
    const debian = isLarge ? ThrowawayRoot.make(folder) : undefined;
    if (isLarge && debian === undefined) {
      process.stderr.write('no packages of Debian: debootstrap cannot be run here\n');
    }
    const work = [
      dailyWork(folder),
      ...(debian?.lines ?? []),
      ...(isLarge ? [...realBuilds(folder), ...realPackages()] : []),
      ...(podman === undefined ? [] : podman.lines(containers)),
    ].join('\n');
    try {
      const log = join(folder, 'work.log');
      const recording = (): Promise<Recorded> => record(folder, log, work, isLarge ? largeMs : 0);
      const recorded = await whileAuditing(folder, recording, debian?.auditRules);
      if (keptLog !== undefined) copyFileSync(log, keptLog);
      return judge(folder, log, recorded);
    } finally {
      await podman?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Recorded {
  readonly hours: number;
  /** Records that the kernel could not hand over. */
  readonly lost: number;
}

/** Does the work, again until that time is over, and keeps the records of it. */
async function record(folder: string, log: string, work: string, leastMs: number): Promise<Recorded> {
  const records = join(folder, 'records');
  mkdirSync(records);
  const stop = new AbortController();
  const silent = (): undefined => undefined;
  let lost = 0;
  const onLost = (count: number): void => void (lost += count);
  const events = { onLost, onNote: silent, onContainerProcess: silent, onContainer: silent };
  const ended = sensor.record({ folder: records, signal: stop.signal, guarded: [], ...events });
  await sleep(settleMs);
  const startedAt = performance.now();
  const took = (): number => performance.now() - startedAt;
  do {
    // Not waited for by blocking: what the sensor tells must come through.
    const shell = spawn('sh', ['-c', `echo ${login} > /proc/self/loginuid; exec sh -c "$0"`, work], {
      stdio: 'ignore',
    });
    await once(shell, 'exit');
  } while (took() < leastMs);
  const hours = took() / 3_600_000;
  await sleep(settleMs);
  stop.abort();
  await ended;
  keepOfLogin(globSync(join(records, '*')).sort(), log);
  return { hours, lost };
}

/** Appends records of events whose system call somebody of this login made. A file may be too long to be one with the others. */
function keepOfLogin(files: readonly string[], log: string): void {
  for (const file of files) {
    const lines = readFileSync(file, 'latin1').split('\n');
    const wanted = new Set(lines.filter((line) => line.includes(` auid=${login} `)).map(eventOf));
    appendFileSync(log, `${lines.filter((line) => wanted.has(eventOf(line))).join('\n')}\n`, 'latin1');
  }
}

function eventOf(line: string): string {
  return /msg=audit\((?<id>[^)]+)\)/.exec(line)?.groups?.['id'] ?? '';
}

function judge(folder: string, log: string, { hours, lost }: Recorded): BenchResult[] {
  const starts = Number(spawnSync('grep', ['-c', '^type=EXECVE ', log], { encoding: 'utf8' }).stdout);
  if (starts === 0) throw new Error('the audit recorded nothing of the work: how noisy it is cannot be said');
  const own = globSync(join(root, 'content/rules/{sigma,falco}/*.{yml,yaml}'));
  const ours = matchesOf(own, log);
  const corpus = process.env['VAKTHUND_CORPUS'] ?? '';
  const peer = globSync(join(corpus, 'falco/rules/falco_rules.yaml'));
  const theirs = matchesOf(peer, log);
  const args = ['investigate', log, '--case', join(folder, 'case'), '--json', '--quiet'];
  const { stdout } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const { incidents } = JSON.parse(stdout) as {
    readonly incidents: readonly { readonly severity: string; readonly title: string }[];
  };
  const byRule = Map.groupBy(ours, ({ rule }) => rule);
  for (const [rule, matches] of byRule) process.stderr.write(`matches: ${rule} (${matches.length})\n`);
  for (const [rule, matches] of Map.groupBy(theirs, (match) => match.rule)) {
    process.stderr.write(`matches of Falco’s: ${rule} (${matches.length})\n`);
  }
  for (const { severity, title } of incidents) process.stderr.write(`incident, ${severity}: ${title}\n`);
  const loud = incidents.filter(({ severity }) => severity === 'high' || severity === 'critical').length;
  const result = (id: string, value: number, unit: string): BenchResult => ({
    id: `watch/noise/${id}`,
    value,
    unit,
    cpu_s: 0,
    runs: 1,
  });
  return [
    result('program starts recorded', starts, `in ${Math.round(hours * 3600)} s of work`),
    result('records lost', lost, 'records'),
    result('matches', ours.length / hours, 'per host-hour'),
    ...(peer.length === 0 ? [] : [result('matches of Falco’s default rules', theirs.length / hours, 'per host-hour')]),
    result('alerts told', told(byRule) / hours, 'per host-hour'),
    result('incidents from high on', loud, `of ${incidents.length}`),
  ];
}

interface Match {
  readonly rule: string;
  /** µs since 1970. */
  readonly time: number;
}

/** The first of each rule, and each that comes when it was silent for as long as a watch counts repeats. */
function told(byRule: ReadonlyMap<string, readonly Match[]>): number {
  let count = 0;
  for (const matches of byRule.values()) {
    const times = matches.map(({ time }) => time).sort((a, b) => a - b);
    count += times.filter((time, index) => time - (times[index - 1] ?? -Infinity) >= repeatMicros).length;
  }
  return count;
}

/** What matches, once for each match. */
function matchesOf(rules: readonly string[], log: string): Match[] {
  if (rules.length === 0) return [];
  const args = ['rules', 'run', ...rules.flatMap((rule) => ['-r', rule]), '--format', 'jsonl', '--quiet', log];
  const { stdout } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Match);
}
