import { z } from 'zod';
import { parseIsoMicros, type Micros } from '../../../base/time.ts';
import { IndicatorMatcher } from '../../../match/indicators/matcher.ts';
import { readWarnings, shippedWarningFolder } from '../../../match/indicators/shipped-warnings.ts';
import type { ReadStore } from '../../../store/store.ts';
import { readIndicatorSet } from '../../indicator-table.ts';

export const settings = z.strictObject({
  as_of: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('Entries whose validity ended before this time do not fire; the present moment when it is not given.'),
  warning_lists_off: z.array(z.string()).default([]).describe('Warning lists that are not asked, by name.'),
  min_confidence: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe('Findings with a lower score (in percent) are left out.'),
});
export type IndicatorSettings = z.infer<typeof settings>;

/** All lists of the case; undefined when they hold nothing. `left`: entries that found no room. */
export async function readMatcher(
  store: ReadStore,
  { as_of: asOf, warning_lists_off: off }: IndicatorSettings,
): Promise<{ readonly matcher: IndicatorMatcher | undefined; readonly left: number }> {
  const { set, left } = await readIndicatorSet(store);
  if (set.size === 0) return { matcher: undefined, left };
  const warnings = readWarnings(shippedWarningFolder, off);
  return { matcher: new IndicatorMatcher({ set, warnings, asOf: momentOf(asOf) }), left };
}

function momentOf(asOf: string | undefined): Micros {
  return (asOf === undefined ? undefined : parseIsoMicros(asOf)) ?? Date.now() * 1000;
}
