import type { UserQueryOptions } from '../../../store/store.ts';
import type { TableContext } from '../table-context.ts';
import type { Pack, PackQuery } from './pack.ts';
import { runPacks, type PackResult, type PackState } from './run-pack.ts';

export interface ScheduleOptions {
  /** What the queries are asked of; made anew for each round. */
  readonly context: () => TableContext;
  /** Rows of the last runs, brought up to date. */
  readonly state: PackState;
  readonly limits: UserQueryOptions;
  readonly signal: AbortSignal;
  /** Milliseconds that only go forward. */
  readonly clockMs: () => number;
  /** Comes back after so many milliseconds, or when the signal is given. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Told of each run of a query. */
  readonly onResult: (result: PackResult) => void;
}

interface Due {
  readonly pack: Pack;
  readonly query: PackQuery;
  at: number;
}

/**
 * Runs the queries of packs at their intervals until the signal: each once at the beginning, one after the other, and again when its
 * interval has passed since it ended, so that a slow query never runs without a pause.
 */
export async function runSchedule(packs: readonly Pack[], options: ScheduleOptions): Promise<void> {
  const { context, state, limits, signal, clockMs, sleep, onResult } = options;
  const all: Due[] = packs.flatMap((pack) => pack.queries.map((query) => ({ pack, query, at: clockMs() })));
  while (all.length > 0 && !signal.aborted) {
    const next = all.reduce((first, one) => (one.at < first.at ? one : first));
    const wait = next.at - clockMs();
    if (wait > 0) {
      await sleep(wait);
      continue;
    }
    for await (const result of runPacks([{ ...next.pack, queries: [next.query] }], context(), state, limits)) {
      if (!signal.aborted) onResult(result);
    }
    next.at = clockMs() + next.query.intervalS * 1000;
  }
}
