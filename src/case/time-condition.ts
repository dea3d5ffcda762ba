import type { DetectOptions } from './detect.ts';

/** SQL condition over `time` for the bounds of a run; `TRUE` when there is none. */
export function timeCondition(options: Pick<DetectOptions, 'store' | 'since' | 'until'>): string {
  const { macros } = options.store;
  const parts: string[] = [];
  if (options.since !== undefined) parts.push(`time >= ${macros.toTime(String(options.since))}`);
  if (options.until !== undefined) parts.push(`time < ${macros.toTime(String(options.until))}`);
  return parts.length === 0 ? 'TRUE' : `(${parts.join(' AND ')})`;
}
