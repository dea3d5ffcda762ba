import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../../base/errors.ts';
import { Spool } from '../../../collect/sensors/_shared/spool.ts';
import { asResultsLog } from '../../../inspect/host/query/results-log.ts';
import type { PackResult } from '../../../inspect/host/query/run-pack.ts';
import { readDistribution } from '../../../inspect/packages/distribution.ts';
import { FolderTree } from '../../../inspect/tree/folder-tree.ts';
import { readPackFile } from '../../pack-file.ts';
import { readPackState, writePackState } from '../../pack-state.ts';

/** Rows of one query that are compared with the last ones, and how long it may take. */
const limits = { maxRows: 100_000, timeoutMs: 60_000 };
/** Of results logs; the oldest go. */
const keepBytes = 256 << 20;

/** Faults told one by one. */
const maxFaults = 200;

export interface RunningPacks {
  /** Folders to follow: what the queries tell stands in them. */
  readonly folders: readonly string[];
  /** When the last query has ended. */
  readonly ended: Promise<void>;
}

/**
 * Runs the packs of osquery in `files` on this machine at their intervals, until the signal. What came and went is appended to a results log
 * as osqueryd writes it, which the watch follows like any other; what was there last time is kept in `folder`. Throws for what is no pack.
 */
export function startPacks(
  files: readonly string[],
  folder: string,
  signal: AbortSignal,
  onFault: (message: string) => void,
): RunningPacks {
  if (files.length === 0) return { folders: [], ended: Promise.resolve() };
  const distribution = readDistribution(new FolderTree('/'))?.id ?? '';
  const packs = files.flatMap((file) => readPackFile(file, { distribution, hostName: hostname() }));
  const stateFile = join(folder, 'packs.json');
  const state = readPackState(stateFile);
  const ownFolder = join(folder, 'packs');
  const log = new Spool(ownFolder, 'osqueryd.results', keepBytes);
  const faults = new Set<string>();
  const onResult = (result: PackResult): void => {
    const failed = result.failed === undefined ? [] : [`${result.name}: ${result.failed}`];
    // A decorator that fails, or a table that is seen in part: the query itself did not fail.
    const partly = result.problems.map(({ message, at }) => `${at.path ?? result.name}: ${message}`);
    for (const fault of [...failed, ...partly].map((text) => text.split('\n', 1)[0] ?? '')) {
      if (faults.has(fault) || faults.size >= maxFaults) continue;
      faults.add(fault);
      onFault(fault);
    }
    const lines = asResultsLog(result, hostname(), new Date());
    if (lines !== '') {
      log.write(lines);
      log.mayRotate();
    }
    // After the lines: whoever is killed in between tells them again, and loses none.
    writePackState(stateFile, state);
  };
  const run = async (): Promise<void> => {
    const { runSchedule } = await import('../../../inspect/host/query/schedule.ts');
    const { TableContext } = await import('../../../inspect/host/table-context.ts');
    await runSchedule(packs, {
      context: () => new TableContext(new FolderTree('/')),
      state,
      limits,
      signal,
      clockMs: () => performance.now(),
      sleep: (ms) => sleep(ms, undefined, { signal, ref: false }).catch(() => undefined),
      onResult,
    });
  };
  const ended = run()
    .catch((error: unknown) => onFault(`the packs: ${messageOf(error)}`))
    .finally(() => log.close());
  return { folders: [ownFolder], ended };
}
