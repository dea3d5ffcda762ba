import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { repositoryRoot } from '../tools/run-arguments.ts';
import { corpusFiles } from '../tests/compare/tools.ts';
import {
  comparedImages,
  imageForTrivy,
  prepareTrivy,
  trivyArguments,
  trivyProgram,
  type Trivy,
} from '../tests/compare/trivy.ts';
import { median, type Bench, type BenchResult } from './bench.ts';

const runs = 5;

interface Run {
  readonly seconds: number;
  readonly cpu: number;
  readonly peakBytes: number;
}

/** `image scan` of the images of the corpus from the start of the program to its end, beside Trivy on the same advisories. */
export const bench: Bench = {
  id: 'image/scan',
  run(): Promise<readonly BenchResult[]> {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-bench-'));
    try {
      const store = join(folder, 'store');
      const osv = corpusFiles('image/advisories/osv/*.osv.ndjson*').filter(
        (file) => !basename(file).startsWith('trap-'),
      );
      timed(...ours('feeds', 'update', '--store', store, ...osv.flatMap((file) => ['--from', file])));
      const program = trivyProgram();
      const trivy = program === undefined ? undefined : prepareTrivy(program, folder);
      return Promise.resolve(comparedImages().map((path) => benchImage(path, store, trivy, folder)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function benchImage(path: string, store: string, trivy: Trivy | undefined, folder: string): BenchResult {
  const image = imageForTrivy(path, folder);
  const own: Run[] = [];
  const theirs: Run[] = [];
  for (let run = 0; run < runs; run++) {
    own.push(timed(...ours('image', 'scan', image.path, '--store', store, '--json')));
    if (trivy !== undefined) theirs.push(timed(...peer(trivy, image.kind, image.path)));
  }
  const value = median(own.map(({ seconds }) => seconds));
  const ratio = value / median(theirs.map(({ seconds }) => seconds));
  return {
    id: `image/scan/${basename(path).split('.', 1)[0] ?? ''}`,
    value,
    unit: 's',
    ...(theirs.length === 0 ? {} : { peer: 'trivy', ratio }),
    cpu_s: median(own.map(({ cpu }) => cpu)),
    peak_bytes: median(own.map(({ peakBytes }) => peakBytes)),
    runs,
  };
}

function ours(...args: readonly string[]): [string, readonly string[], NodeJS.ProcessEnv] {
  const main = join(repositoryRoot, 'src/cli/main.ts');
  return [process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], process.env];
}

function peer(
  { program, cache }: Trivy,
  kind: 'image' | 'rootfs',
  path: string,
): [string, readonly string[], NodeJS.ProcessEnv] {
  return [program, trivyArguments(kind, path), { ...process.env, TRIVY_CACHE_DIR: cache }];
}

/** One run of a program in a process of its own, by GNU time: wall clock, processor and most memory. */
function timed(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Run {
  const { status, stderr } = spawnSync('time', ['-f', '%e %U %S %M', program, ...args], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 26,
  });
  const [seconds = 0, user = 0, system = 0, kilobytes = 0] = (stderr.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}: ${stderr.slice(-500)}`);
  return { seconds, cpu: user + system, peakBytes: kilobytes * 1024 };
}
