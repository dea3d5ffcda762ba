import type { Constraints } from './constraints.ts';
import type { TableContext } from './table-context.ts';

/** Processes that a query may want by the column `pid`, in order. */
export function askedPids({ proc }: TableContext, constraints: Constraints): readonly number[] {
  return constraints.numbers('pid')?.toSorted((a, b) => a - b) ?? proc.pids();
}
