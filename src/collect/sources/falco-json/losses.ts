import type { ProblemList } from '../../../base/problem.ts';
import type { CounterWatch } from '../../counter-watch.ts';
import type { JsonObject } from '../../json-value.ts';

/** Rules that are no rules: Falco speaks of itself. */
export const internalPrefix = 'Falco internal:';

/** Counters of a metrics snapshot, from Falco's start on; the names of older versions follow those of newer ones. */
const counters: readonly (readonly [name: string, what: string])[] = [
  ['scap.n_drops', 'system calls were dropped'],
  ['falco.n_drops', 'system calls were dropped'],
  ['falco.outputs_queue_num_drops', 'alerts were dropped'],
];

/** Tells what Falco says that it lost, in an internal record. */
export function tellLosses(flat: JsonObject, watch: CounterWatch, line: number, problems: ProblemList): void {
  const tell = (count: number, what: string): void => {
    if (count > 0) problems.add({ code: 'events-lost', at: { line }, message: `${count} ${what}, says Falco` });
  };
  const isDrop = flat['rule'] === `${internalPrefix} syscall event drop`;
  if (isDrop) tell(numberOf(flat['n_drops']), 'system calls were dropped');
  for (const [name, what] of counters) {
    if (flat[name] !== undefined) tell(watch.more(name, numberOf(flat[name])), what);
  }
}

/** Falco writes numbers as text in some versions. */
function numberOf(value: unknown): number {
  const number = Number(value);
  return Number.isFinite(number) ? number : 0;
}
