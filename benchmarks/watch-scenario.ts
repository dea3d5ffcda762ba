import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { sensor } from '../src/collect/sensors/audit/index.ts';
import { OwnPodman } from '../tests/support/own-podman.ts';
import { median, type Bench, type BenchResult } from './bench.ts';
import { whileAuditing, whyNoAuditRules } from './data/audit-rules.ts';
import { startWatch, stopWatch, type Watching } from './data/live-watch.ts';

/** What must be told within it counts as told in time; the rest is waited for a while, to tell late from never. */
const inTimeSeconds = 2;
const patienceMs = 25_000;
const pauseMs = 1500;
/** One of the acts writes into it. */
const sshFolder = '/root/.ssh';

/** An act of a recorded scenario, in lines of the shell, and the official rules of Falco that must speak. */
interface Step {
  readonly name: string;
  readonly lines: string;
  readonly must: readonly string[];
}

/**
 * The attacks of the corpus's recorded scenarios, done again on this machine and in containers of podman, with Falco's official rules over all sensors:
 * how long after each act its alert is told.
 */
export const bench: Bench = {
  id: 'watch/scenario',
  async run(): Promise<readonly BenchResult[]> {
    const corpus = process.env['VAKTHUND_CORPUS'] ?? '';
    const scripts = globSync('falco/live/*.sh.txt.gz', { cwd: corpus }).map((name) => join(corpus, name));
    const why = scripts.length === 0 ? 'there is no corpus' : ((await sensor.whyNot()) ?? whyNoAuditRules());
    if (why !== undefined) {
      process.stderr.write(`watch/scenario is skipped: ${why}\n`);
      return [];
    }
    const folder = mkdtempSync('/srv/vks-');
    const podman = await OwnPodman.start(folder);
    let hadSshFolder = true;
    if (podman === undefined) process.stderr.write('no containers: podman cannot be run here\n');
    try {
      const steps = scripts.flatMap(stepsOf);
      hadSshFolder = existsSync(sshFolder);
      mkdirSync(sshFolder, { recursive: true, mode: 0o700 });
      return await whileAuditing(folder, () => replay(folder, corpus, steps, podman));
    } finally {
      if (!hadSshFolder) rmSync(sshFolder, { recursive: true, force: true });
      await podman?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function stepsOf(script: string): Step[] {
  const { must } = JSON.parse(readFileSync(script.replace('.sh.txt.gz', '.expected_alerts.json'), 'utf8')) as {
    readonly must: Readonly<Record<string, readonly string[]>>;
  };
  const parts = gunzipSync(readFileSync(script))
    .toString('utf8')
    .split(/^step (?=\w+;)/m);
  return parts.slice(1).map((part) => {
    const name = part.slice(0, part.indexOf(';'));
    const lines = part
      .slice(name.length + 1)
      .replaceAll(/^PM=.*$/gm, '')
      .replaceAll(/\/\S*\/python3[\d.]*/g, 'python3');
    return { name, lines, must: must[name] ?? [] };
  });
}

async function replay(
  folder: string,
  corpus: string,
  steps: readonly Step[],
  podman: OwnPodman | undefined,
): Promise<BenchResult[]> {
  const rules = globSync(join(corpus, 'falco/rules/*.yaml')).sort();
  const all = join(folder, 'all-enabled.yaml');
  const wanted = [...new Set(steps.flatMap(({ must }) => must))];
  writeFileSync(
    all,
    wanted.map((rule) => `- rule: ${rule}\n  enabled: true\n  override: {enabled: replace}\n`).join(''),
  );
  const engine = podman === undefined ? [] : ['--engine', podman.socket];
  const options = [...rules, all].flatMap((path) => ['--rules', path]);
  const sensors = ['--sensor', 'auto', '--sensor', 'ebpf', ...engine];
  const watching = await startWatch(folder, 'case', [...sensors, '--min-severity', 'info', ...options]);
  mkdirSync(join(folder, 'w/d1/d2'), { recursive: true });
  const seconds: number[] = [];
  let [missed, late] = [0, 0];
  for (const step of steps) {
    if (podman === undefined && step.lines.includes('$PM')) continue;
    await sleep(pauseMs);
    const from = watching.told.length;
    const startedAt = Date.now();
    act(step, folder, podman);
    for (const rule of step.must) {
      const took = await timeTold(rule, from, startedAt, watching);
      process.stderr.write(`${step.name}, ${rule}: ${took === undefined ? 'not told' : `${took.toFixed(2)} s`}\n`);
      if (took === undefined) missed++;
      else if (took > inTimeSeconds) late++;
      if (took !== undefined) seconds.push(took);
    }
  }
  await stopWatch(watching);
  const of = `of ${missed + seconds.length} alerts`;
  return [
    result('act to alert', median(seconds), 's', seconds.length),
    result('told too late', late, of, 1),
    result('not told', missed, of, 1),
  ];
}

/** As somebody who has logged in. */
function act({ lines }: Step, folder: string, podman: OwnPodman | undefined): void {
  const login = 'echo 4242 > /proc/self/loginuid; exec bash -c "$0"';
  const env = {
    ...process.env,
    W: join(folder, 'w'),
    PM: podman?.command ?? 'false',
    U: podman?.limits ?? '',
  };
  const own = lines.replaceAll('localhost/bb:1', podman?.image ?? '');
  spawnSync('sh', ['-c', login, own], { env, stdio: 'ignore', timeout: 60_000 });
}

/** Seconds from the event to its alert; undefined when none came. */
async function timeTold(
  rule: string,
  from: number,
  startedAt: number,
  watching: Watching,
): Promise<number | undefined> {
  const find = () =>
    watching.told.slice(from).find(
      ({ notice }) =>
        // What was told a moment ago is counted instead.
        (notice['type'] === 'alert' || notice['type'] === 'repeats') &&
        notice['detector'] === `rules/falco/${rule}` &&
        timeOf(notice) / 1000 >= startedAt - 10,
    );
  await watching.until(() => find() !== undefined, patienceMs);
  const found = find();
  return found === undefined ? undefined : found.at / 1000 - timeOf(found.notice) / 1e6;
}

function timeOf(notice: Readonly<Record<string, unknown>>): number {
  return Number(notice['time'] ?? notice['last']);
}

function result(what: string, value: number, unit: string, runs: number): BenchResult {
  return { id: `watch/scenario/${what}`, value, unit, cpu_s: 0, runs };
}
