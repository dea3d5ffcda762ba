import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../tools/run-arguments.ts';
import { median, type Bench, type BenchResult } from './bench.ts';

const attributes = 'type, mode, owner, group, size, mtime, target, xattrs, content';
/** What is looked at: a copy of so much of /usr, for AIDE takes half an hour with all of it. That is measured, once, with VAKTHUND_BENCH_LARGE=1. */
const copyBytes = 1024 ** 3;
const isLarge = process.env['VAKTHUND_BENCH_LARGE'] === '1';

/** CPU seconds, seconds and largest resident set of one run of a program. */
interface Cost {
  readonly cpu: number;
  readonly wall: number;
  readonly bytes: number;
}

/**
 * A baseline of a copy of a part of /usr with SHA-256, written and checked, beside AIDE with the same attributes, in turns. What counts is CPU time: other
 * work on the machine stretches the wall clock of either. Memory is that of the whole process, threads included.
 */
export const bench: Bench = {
  id: 'integrity',
  run(): Promise<readonly BenchResult[]> {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
    try {
      return Promise.resolve(compare(folder));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function compare(folder: string): BenchResult[] {
  const tree = isLarge ? '/usr' : join(folder, 'usr');
  if (!isLarge) copyPartOfUsr(tree);
  const runs = isLarge ? 1 : 3;
  const rule = `{path: ${tree}, attributes: [${attributes}], severity: high}`;
  writeFileSync(join(folder, 'policy.yaml'), `version: 1\nrules:\n  - ${rule}\n`);
  writeFileSync(join(folder, 'aide.conf'), aideConfiguration(folder, tree));
  const hasAide = spawnSync('aide', ['--version']).status === 0;
  const steps: Record<string, { ours: Cost[]; theirs: Cost[] }> = {};
  const note = (id: string, side: 'ours' | 'theirs', cost: Cost): void => {
    const step = (steps[id] ??= { ours: [], theirs: [] });
    step[side].push(cost);
  };
  for (let run = 0; run < runs; run++) {
    const store = join(folder, `store-${run}`);
    note('create', 'ours', vakthund(['create', '--store', store, '--policy', join(folder, 'policy.yaml')]));
    if (hasAide) note('create', 'theirs', aide(folder, '--init'));
    note('check', 'ours', vakthund(['check', '--store', store]));
    note('check-full', 'ours', vakthund(['check', '--store', store, '--full']));
    if (hasAide) {
      const cost = aide(folder, '--check');
      note('check', 'theirs', cost);
      note('check-full', 'theirs', cost);
    }
  }
  return Object.entries(steps).flatMap(([id, { ours, theirs }]) => resultsOf(id, ours, theirs));
}

/** Folders of /usr in the order of their names, as long as they fit. */
function copyPartOfUsr(tree: string): void {
  const sizes = spawnSync('du', ['-sbx', ...globSync('/usr/*/*/').sort()], { encoding: 'utf8', maxBuffer: 1 << 28 });
  let left = copyBytes;
  for (const line of sizes.stdout.split('\n')) {
    const [size = '', path] = line.split('\t');
    if (path === undefined || Number(size) > left) continue;
    left -= Number(size);
    const target = join(tree, dirname(path));
    mkdirSync(target, { recursive: true });
    spawnSync('cp', ['-a', path.replace(/\/$/, ''), target]);
  }
}

/** By processor time, which other work does not stretch, and by the clock, where several cores count. */
function resultsOf(id: string, ours: readonly Cost[], theirs: readonly Cost[]): BenchResult[] {
  const of = (costs: readonly Cost[], what: 'cpu' | 'wall'): number => median(costs.map((cost) => cost[what]));
  const against = (what: 'cpu' | 'wall') =>
    theirs.length === 0 ? {} : { peer: 'aide', ratio: of(theirs, what) / of(ours, what) };
  const more = { cpu_s: of(ours, 'cpu'), peak_bytes: Math.max(...ours.map(({ bytes }) => bytes)), runs: ours.length };
  return [
    { id: `integrity/${id}`, value: of(ours, 'cpu'), unit: 'CPU-s', ...against('cpu'), ...more },
    { id: `integrity/${id}-wall`, value: of(ours, 'wall'), unit: 's', ...against('wall'), ...more },
  ];
}

function vakthund(args: readonly string[]): Cost {
  const main = join(repositoryRoot, 'src/cli/main.ts');
  // As the launcher starts it.
  const node = [
    'env',
    'MALLOC_ARENA_MAX=2',
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    '--max-semi-space-size=2',
  ];
  return measure([...node, main, '--quiet', 'host', 'baseline', ...args], [0]);
}

function aide(folder: string, verb: string): Cost {
  // Bits 1, 2 and 4 say that files differ.
  const cost = measure(['aide', '--config', join(folder, 'aide.conf'), verb], [0, 1, 2, 3, 4, 5, 6, 7]);
  return cost;
}

function aideConfiguration(folder: string, tree: string): string {
  const database = join(folder, 'aide.db');
  return [
    `database_in=file:${database}`,
    `database_out=file:${database}`,
    'gzip_dbout=no',
    'report_url=stdout',
    `${tree} ftype+p+u+g+s+m+l+xattrs+sha256`,
    '',
  ].join('\n');
}

/** By `time -f` of the shell's own kind: GNU time, which tells the largest resident set. */
function measure(command: readonly string[], allowed: readonly number[]): Cost {
  const report = join(mkdtempSync(join(tmpdir(), 'vakthund-time-')), 'time');
  const run = spawnSync('/usr/bin/time', ['-q', '-o', report, '-f', '%U %S %e %M', ...command], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (!allowed.includes(run.status ?? -1)) throw new Error(`${command.join(' ')}: ${run.stderr.slice(0, 500)}`);
  const [user = 0, system = 0, wall = 0, kilobytes = 0] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
  rmSync(join(report, '..'), { recursive: true, force: true });
  return { cpu: user + system, wall, bytes: kilobytes * 1024 };
}
