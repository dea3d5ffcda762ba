/** Fuzzes the sources in turn in a thread, so that an input that never ends, or eats the heap, can be stopped from outside. */
import { parentPort, workerData } from 'node:worker_threads';
import { sources } from '../../src/collect/sources/registry.generated.ts';
import { asList } from './source-list.ts';
import { execute } from './fuzz-source.ts';
import { collectSeeds } from './seeds.ts';

export interface WorkerTask {
  readonly root: string;
  readonly folders: readonly string[];
  readonly seed: number;
  readonly sourceId: string | undefined;
  readonly execution: number | undefined;
  /** Ids of sources that failed before this thread started. */
  readonly except: readonly string[];
  readonly firstExecution: number;
}
export type WorkerMessage =
  | { readonly type: 'ready'; readonly seeds: Readonly<Record<string, number>> }
  | { readonly type: 'begin'; readonly source: string; readonly execution: number }
  | { readonly type: 'failure'; readonly source: string; readonly execution: number; readonly message: string };

const task = workerData as WorkerTask;
const post = (message: WorkerMessage): void => parentPort?.postMessage(message);
const chosen = asList(sources).filter((one) => (task.sourceId ?? one.id) === one.id && !task.except.includes(one.id));
const seeds = await collectSeeds(asList(sources), task.root, task.folders);
post({ type: 'ready', seeds: Object.fromEntries(chosen.map(({ id }) => [id, seeds.get(id)?.length ?? 0])) });

const failed = new Set<string>();
for (let execution = task.execution ?? task.firstExecution; failed.size < chosen.length; execution++) {
  for (const source of chosen) {
    if (failed.has(source.id)) continue;
    post({ type: 'begin', source: source.id, execution });
    const failure = await execute(source, seeds.get(source.id) ?? [], task.seed, execution);
    if (failure === undefined) continue;
    // One failure of a source is enough: its others are mostly the same.
    failed.add(source.id);
    post({ type: 'failure', source: source.id, ...failure });
  }
  if (task.execution !== undefined) break;
}
