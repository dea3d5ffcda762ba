import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** Programs that capture an interface to standard output, the first that is there is taken. Both drop root's rights once they have the interface. */
const programs: Readonly<Record<string, (name: string) => readonly string[]>> = {
  tcpdump: (name) => ['-i', name, '-n', '-s', '0', '-U', '-B', '16384', '-w', '-'],
  dumpcap: (name) => ['-i', name, '-q', '-B', '16', '-w', '-'],
};

export interface CaptureProgram {
  readonly program: string;
  readonly path: string;
}

/** Folders that only root writes to: what runs with rights must not come from a search path. */
const programFolders = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/bin', '/sbin'];

/** Undefined when none is installed. */
export function findCaptureProgram(): CaptureProgram | undefined {
  for (const program of Object.keys(programs)) {
    for (const folder of programFolders) {
      const path = join(folder, program);
      if (isExecutable(path)) return { program, path };
    }
  }
  return undefined;
}

export interface RunningCapture {
  readonly packets: Readable;
  /** Resolves when the program ends; rejects with what it said when it failed. */
  readonly ended: Promise<void>;
  /** Asks for the counters, which are told by `onDropped`. */
  askCounters(): void;
  stop(): void;
}

/** Starts capturing an interface. `onDropped` tells how many packets the kernel has dropped since the start. */
export function startCapture(
  { program, path }: CaptureProgram,
  name: string,
  onDropped: (count: number) => void,
): RunningCapture {
  const child = spawn(path, programs[program]?.(name) ?? [], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let isStopped = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
    for (const [, count] of text.matchAll(/(\d{1,15}) packets? dropped by kernel/g)) onDropped(Number(count));
  });
  const ended = new Promise<void>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => {
      if (code === 0 || isStopped) done();
      else fail(new Error(`${program}: ${said === '' ? `it ended with ${code ?? signal}` : lastLine(said)}`));
    });
  });
  return {
    packets: child.stdout,
    ended,
    // tcpdump answers to this signal, once it listens, and dies of it before; dumpcap tells what was dropped in the capture itself.
    askCounters: () => void (program === 'tcpdump' && said !== '' && child.kill('SIGUSR1')),
    stop: () => {
      isStopped = true;
      child.kill('SIGTERM');
    },
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
