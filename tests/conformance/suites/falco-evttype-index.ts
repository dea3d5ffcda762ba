import { eventTypesOf, leadingEventTypes } from '../../../src/detect/rules/falco/event-type-set.ts';
import { includesType } from '../../../src/detect/rules/falco/fields/event-types.ts';
import { parseFilter } from '../../../src/detect/rules/falco/filter/parser.ts';
import type { Suite, SuiteResult } from '../suite.ts';
import { judgeAll, readCases } from './falco-cases/read.ts';

/**
 * Conditions and the event types by which Falco files them, from a test of the days when it read them from left to right.
 * The set that our engine runs by may be smaller, but must lie within.
 */
interface IndexCase {
  readonly rule: string;
  readonly condition: string;
  readonly evt_types: readonly string[];
}

function difference({ condition, evt_types: wanted }: IndexCase): { got: string; want: string } | undefined {
  const expression = parseFilter(condition);
  const leading = leadingEventTypes(expression);
  const got = leading === undefined ? 'all' : leading.join(', ');
  const want = wanted.toSorted().join(', ');
  if (got !== want) return { got, want };
  const set = eventTypesOf(expression);
  const isWithin =
    leading === undefined || (!set.isComplement && [...set.names].every((name) => leading.includes(name)));
  return isWithin && (leading ?? []).every((name) => includesType(set, name))
    ? undefined
    : { got: `runs on ${[...set.names].join(', ')}`, want };
}

export const suite: Suite = {
  id: 'falco/evttype-index',
  run(corpus): Promise<SuiteResult> {
    return Promise.resolve(
      judgeAll(readCases<IndexCase>(corpus, 'evttype_index.json'), ({ rule }) => rule, difference),
    );
  },
};
