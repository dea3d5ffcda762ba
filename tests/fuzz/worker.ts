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
  /** Executions of each source, all threads taken together. */
  readonly endExecution: number;
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

/** Failures of a source that differ by more than numbers; after some of them the others are most likely of the same kinds. */
const maxFailures = 4;
const failures = new Map(chosen.map(({ id }) => [id, new Set<string>()]));
const isOpen = ({ id }: { readonly id: string }): boolean => (failures.get(id)?.size ?? 0) < maxFailures;
const isOnly = task.execution !== undefined;
for (let execution = task.execution ?? task.firstExecution; chosen.some(isOpen); execution++) {
  if (!isOnly && execution >= task.endExecution) break;
  for (const source of chosen.filter(isOpen)) {
    post({ type: 'begin', source: source.id, execution });
    const failure = await execute(source, seeds.get(source.id) ?? [], task.seed, execution);
    const manner = failure?.message.replaceAll(/\d+/g, '').slice(0, 60);
    if (failure === undefined || manner === undefined || failures.get(source.id)?.has(manner) === true) continue;
    failures.get(source.id)?.add(manner);
    post({ type: 'failure', source: source.id, ...failure });
  }
  if (isOnly) break;
}
