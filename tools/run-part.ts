/**
 * Runs one exported part (suite, benchmark, peer) of a file in a process of its own: what crashes, hangs or eats memory
 * there fails alone. Parts write to standard error only, so that standard output stays the runner's.
 */
import { fork } from 'node:child_process';

export type PartOutcome<R> =
  | { readonly state: 'done'; readonly id: string; readonly result: R }
  | { readonly state: 'absent'; readonly id: string }
  | { readonly state: 'failed'; readonly message: string };

export interface Part {
  readonly file: string;
  /** Name of the export: `suite`, `bench`, `peer`. */
  readonly exportName: string;
  /** Arguments of its `run`. */
  readonly args?: readonly string[];
  readonly timeoutMs: number;
}

/** Waits for the part. A throw, a crash and a hang come back as `failed`, never as a rejection. */
export function runPart<R>(part: Part): Promise<PartOutcome<R>> {
  const child = fork(
    new URL('./run-part-child.ts', import.meta.url),
    [part.file, part.exportName, ...(part.args ?? [])],
    {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      serialization: 'advanced',
      stdio: ['ignore', 2, 2, 'ipc'],
    },
  );
  return new Promise((resolve) => {
    let outcome: PartOutcome<R> | undefined;
    const timer = setTimeout(() => {
      outcome ??= { state: 'failed', message: `ran longer than ${part.timeoutMs / 1000} s` };
      child.kill('SIGKILL');
    }, part.timeoutMs);
    child.on('message', (message) => {
      outcome ??= message as PartOutcome<R>;
    });
    child.on('error', (error) => {
      outcome ??= { state: 'failed', message: error.message };
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve(
        outcome ?? { state: 'failed', message: `ended without a result, by ${signal ?? `exit code ${code ?? 0}`}` },
      );
    });
  });
}
