import { spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What `auditctl` prints; nothing where it is not installed. */
export const auditctl = (...args: string[]): string => spawnSync('auditctl', args, { encoding: 'utf8' }).stdout ?? '';

const lock = join(tmpdir(), 'vakthund-test-audit.lock');
/** Longer than any test that holds it: whoever made it has been killed. */
const staleMs = 120_000;

/**
 * Runs something with the kernel's auditing on, and switches it off again where it was. There is one switch on a machine: tests of other files that
 * need it wait meanwhile.
 */
export async function withAuditing<T>(work: () => T | Promise<T>): Promise<T> {
  while (!takeLock()) await sleep(50);
  const wasOff = auditctl('-s').includes('enabled 0');
  try {
    if (wasOff) auditctl('-e', '1');
    return await work();
  } finally {
    if (wasOff) auditctl('-e', '0');
    rmdirSync(lock);
  }
}

function takeLock(): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const stats = statSync(lock, { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.mtimeMs > staleMs) rmdirSync(lock);
    return false;
  }
}
