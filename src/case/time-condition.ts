import type { Micros } from '../base/time.ts';
import type { ReadStore } from '../store/store.ts';

/** SQL condition over `time` for the bounds of a run; `TRUE` when there is none. */
export function timeCondition(options: {
  readonly store: Pick<ReadStore, 'macros'>;
  readonly since?: Micros | undefined;
  readonly until?: Micros | undefined;
}): string {
  const { macros } = options.store;
  const parts: string[] = [];
  if (options.since !== undefined) parts.push(`time >= ${macros.toTime(String(options.since))}`);
  if (options.until !== undefined) parts.push(`time < ${macros.toTime(String(options.until))}`);
  return parts.length === 0 ? 'TRUE' : `(${parts.join(' AND ')})`;
}
