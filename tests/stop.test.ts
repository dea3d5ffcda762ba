import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { socketPath } from '../src/case/owner/protocol.ts';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const node = [process.execPath, ['--disable-warning=ExperimentalWarning', main]] as const;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-stop-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: readonly string[]) {
  return spawnSync(node[0], [...node[1], ...args, '--case', join(folder, 'case')], { encoding: 'utf8' });
}

/** A question that nobody waits for. */
const endless = 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE sqrt(a.range * b.range) = 0.5';

/** Starts it, stops it by signals, and gives how it ended. */
async function stopped(
  ...signals: readonly NodeJS.Signals[]
): Promise<{ code: number | null; signal: string | null; afterMs: number }> {
  const child = spawn(node[0], [...node[1], 'hunt', endless, '--timeout', '600', '--case', join(folder, 'case')], {
    stdio: 'ignore',
  });
  const ended = new Promise<[number | null, string | null]>((done) => child.once('exit', (...how) => done(how)));
  // It listens once it owns the case; the question begins right after.
  while (child.exitCode === null && !existsSync(socketPath(join(folder, 'case')))) await sleep(100);
  await Promise.race([ended, sleep(2000)]);
  const startedAt = performance.now();
  for (const signal of signals) {
    child.kill(signal);
    await Promise.race([ended, sleep(50)]);
  }
  const [code, signal] = await ended;
  return { code, signal, afterMs: performance.now() - startedAt };
}

describe('a long calculation', () => {
  // Ten seconds are the bound; a busy machine takes its time to hear of it.
  it.each([[['SIGINT']], [['SIGTERM']], [['SIGINT', 'SIGINT']]] as const)(
    'ends soon by %s, and the case is whole',
    { timeout: 120_000 },
    async (signals) => {
      const { code, signal, afterMs } = await stopped(...signals);
      expect(code === 2 || signal === 'SIGINT').toBe(true);
      expect(afterMs).toBeLessThan(20_000);
      expect(run('hunt', 'SELECT count(*) AS n FROM flow', '--format', 'csv').stdout).toBe('n\r\n0\r\n');
    },
  );
});
