/**
 * `npm run fuzz [-- --seconds N] [--executions N] [--seed S] [--source ID] [--execution N]`: mutated inputs for every
 * source, until the time is up or each had that many. Prints executions per source, and for a failure the arguments
 * that repeat it. Writes nothing. Exits 1 on a failure.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { repositoryRoot } from '../../tools/run-arguments.ts';
import type { WorkerMessage, WorkerTask } from './worker.ts';

/** Longer than any single input may take: the thread itself reports slow ones. */
const hangMs = 60_000;
const heapLimitMb = 1024;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    executions: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    source: { type: 'string' },
    execution: { type: 'string' },
  },
});
/** The time runs from the first execution on: to read all seeds can take longer than that on a busy machine. */
let endMs = Number.POSITIVE_INFINITY;
const seed = Number(values.seed);
const corpus = resolve(repositoryRoot, process.env['VAKTHUND_CORPUS'] ?? '../shared/corpus');
const folders = [resolve(repositoryRoot, 'samples'), corpus].filter((folder) => existsSync(folder));

const executions = new Map<string, number>();
const failed = new Set<string>();
let current = { source: '', execution: 0 };

let isOver = false;
while (!isOver) isOver = await runWorker();
for (const [id, count] of executions) {
  process.stdout.write(`${id} ${count} executions${failed.has(id) ? ', failed' : ''}\n`);
}
process.stdout.write(`seed ${seed}, ${failed.size} of ${executions.size} sources failed\n`);
const hasRun = [...executions.values()].some((count) => count > 0);
if (!hasRun) process.stderr.write('nothing was run\n');
process.exitCode = failed.size > 0 || !hasRun ? 1 : 0;

/** Runs a thread until time is up or it is done (true), or until it hung or died and the others need another (false). */
function runWorker(): Promise<boolean> {
  const workerData: WorkerTask = {
    root: repositoryRoot,
    folders,
    seed,
    sourceId: values.source,
    execution: values.execution === undefined ? undefined : Number(values.execution),
    except: [...failed],
    firstExecution: current.execution,
    endExecution: Number(values.executions),
  };
  const resourceLimits = { maxOldGenerationSizeMb: heapLimitMb };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData, resourceLimits });
  return new Promise((done) => {
    let lastSignMs = Number.POSITIVE_INFINITY;
    const stop = (isDone: boolean): void => {
      clearInterval(timer);
      done(isDone);
      void worker.terminate();
    };
    const timer = setInterval(() => {
      if (performance.now() > endMs && values.execution === undefined) stop(true);
      else if (performance.now() - lastSignMs > hangMs) {
        report(current.source, current.execution, `ran longer than ${hangMs / 1000} s`);
        stop(false);
      }
    }, 200);
    worker.on('message', (message: WorkerMessage) => {
      lastSignMs = performance.now();
      receive(message);
    });
    worker.on('error', (error) => {
      report(current.source, current.execution, error.message);
      stop(current.source === '');
    });
    worker.on('exit', () => stop(true));
  });
}

function receive(message: WorkerMessage): void {
  if (message.type === 'failure') report(message.source, message.execution, message.message);
  if (message.type === 'ready') {
    if (endMs === Number.POSITIVE_INFINITY) endMs = performance.now() + Number(values.seconds) * 1000;
    for (const id of Object.keys(message.seeds)) if (!executions.has(id)) executions.set(id, 0);
  }
  if (message.type === 'begin') {
    current = { source: message.source, execution: message.execution };
    executions.set(message.source, (executions.get(message.source) ?? 0) + 1);
  }
}

function report(source: string, execution: number, message: string): void {
  failed.add(source);
  process.stderr.write(
    `${source}: ${message}\n  npm run fuzz -- --seed ${seed} --source ${source} --execution ${execution}\n`,
  );
}
