import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const main = join(import.meta.dirname, '../../src/cli/main.ts');

/** A watch in a process of its own, told as JSON. */
export interface RunningWatch {
  readonly child: ChildProcess;
  notices(): Record<string, unknown>[];
  /** What it said on standard error. */
  talk(): string;
  /** Waits a minute at most. */
  until(isThere: (notices: Record<string, unknown>[]) => boolean): Promise<void>;
  /** Ends it by a signal; gives its exit code, null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export function startWatch(...args: string[]): RunningWatch {
  const all = [main, 'watch', '--json', '--look-every', '0.1', ...args];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, talk] = ['', ''];
  child.stdout.on('data', (part) => (out += String(part)));
  child.stderr.on('data', (part) => (talk += String(part)));
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  const notices = (): Record<string, unknown>[] =>
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    child,
    notices,
    talk: () => talk,
    async until(isThere) {
      for (let tries = 0; tries < 1200; tries++) {
        if (isThere(notices())) return;
        await sleep(50);
      }
      throw new Error(`it did not come: ${out}\n${talk}`);
    },
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
