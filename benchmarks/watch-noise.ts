import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sensor } from '../src/collect/sensors/audit/index.ts';
import { OwnPodman } from '../tests/support/own-podman.ts';
import { whileAuditing, whyNoAuditRules } from './data/audit-rules.ts';
import { dailyWork } from './data/daily-work.ts';
import type { Bench, BenchResult } from './bench.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'src/cli/main.ts');
/** Marks what is done for this: other work on the machine does not count. */
const login = 424_243;
const settleMs = 3000;
const containers = 5;

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
    try {
      const log = join(folder, 'work.log');
      const recorded = await whileAuditing(folder, () => record(folder, log, podman));
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

/** Does the work and keeps the records of it. */
async function record(folder: string, log: string, podman: OwnPodman | undefined): Promise<Recorded> {
  const records = join(folder, 'records');
  mkdirSync(records);
  const stop = new AbortController();
  const silent = (): undefined => undefined;
  let lost = 0;
  const onLost = (count: number): void => void (lost += count);
  const events = { onLost, onNote: silent, onContainerProcess: silent, onContainer: silent };
  const ended = sensor.record({ folder: records, signal: stop.signal, guarded: [], ...events });
  await sleep(settleMs);
  const work = [dailyWork(folder), ...(podman === undefined ? [] : podman.lines(containers))].join('\n');
  const startedAt = performance.now();
  spawnSync('sh', ['-c', `echo ${login} > /proc/self/loginuid; exec sh -c "$0"`, work], { stdio: 'ignore' });
  const hours = (performance.now() - startedAt) / 3_600_000;
  await sleep(settleMs);
  stop.abort();
  await ended;
  writeFileSync(
    log,
    ofLogin(
      readdirSync(records)
        .map((name) => readFileSync(join(records, name), 'latin1'))
        .join(''),
    ),
    'latin1',
  );
  return { hours, lost };
}

/** Records of events whose system call somebody of this login made. */
function ofLogin(text: string): string {
  const lines = text.split('\n');
  const eventOf = (line: string): string => /msg=audit\((?<id>[^)]+)\)/.exec(line)?.groups?.['id'] ?? '';
  const wanted = new Set(lines.filter((line) => line.includes(` auid=${login} `)).map(eventOf));
  return `${lines.filter((line) => wanted.has(eventOf(line))).join('\n')}\n`;
}

function judge(folder: string, log: string, { hours, lost }: Recorded): BenchResult[] {
  const starts = readFileSync(log, 'latin1').split('\ntype=EXECVE ').length - 1;
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
  for (const rule of new Set(ours)) process.stderr.write(`matches: ${rule}\n`);
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
    result('alerts told', new Set(ours).size / hours, 'per host-hour'),
    result('incidents from high on', loud, `of ${incidents.length}`),
  ];
}

/** Names of the rules that match, once for each match. */
function matchesOf(rules: readonly string[], log: string): string[] {
  if (rules.length === 0) return [];
  const args = ['rules', 'run', ...rules.flatMap((rule) => ['-r', rule]), '--format', 'jsonl', '--quiet', log];
  const { stdout } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => String((JSON.parse(line) as { readonly rule: unknown }).rule));
}
