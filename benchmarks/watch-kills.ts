import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Bench, BenchResult } from './bench.ts';

/** Not the launcher: killed while it looks for its packages, it would leave them half installed. */
const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const kills = 20;
const port = 28_015;

/**
 * A watch that is killed again and again (SIGKILL, at any moment) while alerts are posted to it and a log grows: of what it acknowledged,
 * and of what stands in the log, how much is not in the case at the end, and how much is there twice.
 */
export const bench: Bench = {
  id: 'watch-kills',
  async run(): Promise<readonly BenchResult[]> {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-kills-'));
    try {
      const sent = await killAgainAndAgain(folder);
      const stored = await storedIds(folder);
      const once = new Set(stored);
      const lost = [...sent].filter((id) => !once.has(id)).length;
      const result = (id: string, value: number): BenchResult => ({
        id: `watch-kills/${id}`,
        value,
        unit: 'alerts',
        cpu_s: 0,
        runs: kills,
      });
      return [
        result('acknowledged-or-logged', sent.size),
        result('lost', lost),
        result('doubled', stored.length - once.size),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Ids of all alerts that were acknowledged or stand in the log. */
async function killAgainAndAgain(folder: string): Promise<Set<string>> {
  const log = join(folder, 'logs', 'falco.json');
  mkdirSync(join(folder, 'logs'));
  const sent = new Set<string>();
  let isOver = false;
  let next = 0;
  const write = async (): Promise<void> => {
    while (!isOver) {
      const [logged, posted] = [`log-${next}`, `post-${next++}`];
      appendFileSync(log, `${alertLine(logged)}\n`);
      sent.add(logged);
      const init = { method: 'POST', body: alertLine(posted) };
      const answer = await fetch(`http://127.0.0.1:${port}/`, init).catch(() => undefined);
      if (answer?.ok === true) sent.add(posted);
      await sleep(10);
    }
  };
  const writing = write();
  for (let kill = 0; kill < kills; kill++) {
    const watch = start(folder, []);
    await sleep(1500 + Math.random() * 5000);
    watch.kill('SIGKILL');
    await new Promise((done) => watch.once('exit', done));
  }
  isOver = true;
  await writing;
  const last = start(folder, ['--for', '2']);
  await new Promise((done) => last.once('exit', done));
  return sent;
}

function start(folder: string, more: readonly string[]): ChildProcess {
  const args = [main, 'watch', join(folder, 'logs'), '--case', join(folder, 'case'), '--listen', `127.0.0.1:${port}`];
  return spawn(process.execPath, [...args, '--quiet', ...more], { stdio: 'ignore' });
}

function alertLine(id: string): string {
  return JSON.stringify({
    time: new Date().toISOString(),
    rule: 'Bench',
    priority: 'Notice',
    output: id,
    source: 'syscall',
    hostname: 'bench',
    output_fields: {},
  });
}

function storedIds(folder: string): Promise<string[]> {
  const sql = 'SELECT message FROM alert';
  const args = [main, 'hunt', sql, '--case', join(folder, 'case'), '--format', 'csv', '--limit', '10000000'];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr);
  return Promise.resolve(stdout.trim().split(/\r?\n/).slice(1));
}
