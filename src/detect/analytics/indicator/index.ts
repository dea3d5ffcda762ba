import { z } from 'zod';
import { parseIsoMicros, type Micros } from '../../../base/time.ts';
import { kindIds } from '../../../events/event.ts';
import { IndicatorMatcher } from '../../../match/indicators/matcher.ts';
import { observablesOf } from '../../../match/indicators/observables.ts';
import { readWarnings, shippedWarningFolder } from '../../../match/indicators/shipped-warnings.ts';
import { defineAnalytic } from '../../analytic.ts';
import { huntIndicators } from './hunt.ts';
import { readIndicatorSet } from '../../indicator-table.ts';

const settings = z.strictObject({
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

export const analytic = defineAnalytic({
  id: 'indicator',
  title: 'Threat-intelligence indicators',
  description:
    'Looks for the entries of all loaded lists in everything stored: addresses and networks, domains with the names below them, URLs, file and certificate hashes, JA3, user agents and mail addresses. A machine of ours that goes to something listed weighs most; a listed address that tried to come in and was not answered weighs least and is told in one finding for each machine. Entries that have expired, and entries on a warning list (public resolvers, private and documentation networks, special-use names, the largest services, empty files), do not fire.',
  reads: kindIds.filter((kind) => observablesOf(kind).length > 0),
  apart: 'rows',
  attack: [],
  guide: ['B15', 'C23'],
  references: [
    'https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html',
    'https://github.com/MISP/misp-warninglists',
  ],
  settings,
  async *run({
    store,
    timeCondition,
    networks,
    logger,
    settings: { as_of: asOf, warning_lists_off: off, min_confidence: least },
  }) {
    const { set, left } = await readIndicatorSet(store);
    if (left > 0) logger.warn({ entries: left }, 'indicators beyond the bounds of a set are not matched');
    if (set.size === 0) return;
    const matcher = new IndicatorMatcher({
      set,
      warnings: readWarnings(shippedWarningFolder, off),
      asOf: momentOf(asOf),
    });
    const { findings, suppressed, cut } = await huntIndicators({ store, matcher, timeCondition, networks });
    if (cut > 0) {
      logger.warn({ events: cut }, 'indicators match more events than are told apart; the findings are not complete');
    }
    for (const { warningList, list, value, count } of suppressed) {
      logger.info({ warningList, list, value, count }, 'a warning list kept an indicator from firing');
    }
    yield* findings.filter((finding) => finding.score * 100 >= least);
  },
});

function momentOf(asOf: string | undefined): Micros {
  return (asOf === undefined ? undefined : parseIsoMicros(asOf)) ?? Date.now() * 1000;
}
