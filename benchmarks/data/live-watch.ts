import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** Those of the launcher for a command that stays. */
const flags = ['--max-semi-space-size=2', '--optimize-for-size', '--heap-growing-percent=20'];
const memory = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };
const patienceMs = 20_000;
const startMs = 300_000;

/** A watch that runs in a process of its own, as by the launcher. */
export interface Watching {
  readonly child: ChildProcess;
  /** Everything told, with the time at which it was. */
  readonly told: { readonly at: number; readonly notice: Readonly<Record<string, unknown>> }[];
  until(isThere: () => boolean, forMs?: number): Promise<boolean>;
}

/** Starts one with a case of that name in the folder; resolves once it has judged for the first time. */
export async function startWatch(folder: string, name: string, options: readonly string[]): Promise<Watching> {
  const args = ['watch', ...options, '--case', join(folder, name), '--json', '--quiet', '--repeat-window', '1'];
  const child = spawn(process.execPath, [...flags, main, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    // As the launcher: compiled code is kept. The first watch of a benchmark begins without.
    env: { ...process.env, ...memory, NODE_COMPILE_CACHE: join(folder, 'compiled') },
  });
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

export async function stopWatch({ child }: Watching): Promise<void> {
  child.kill('SIGTERM');
  await new Promise((done) => child.once('exit', done));
}
