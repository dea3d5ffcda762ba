import { kindIds } from '../../../events/event.ts';
import { observablesOf } from '../../../match/indicators/observables.ts';
import { defineAnalytic } from '../../analytic.ts';
import { huntIndicators, IndicatorWatch } from './hunt.ts';
import { readMatcher, settings } from './settings.ts';

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
  async *run({ store, timeCondition, networks, logger, settings: given }) {
    const { matcher, left } = await readMatcher(store, given);
    if (left > 0) logger.warn({ entries: left }, 'indicators beyond the bounds of a set are not matched');
    if (matcher === undefined) return;
    const { findings, suppressed, cut } = await huntIndicators({ store, matcher, timeCondition, networks });
    if (cut > 0) {
      logger.warn({ events: cut }, 'indicators match more events than are told apart; the findings are not complete');
    }
    for (const { warningList, list, value, count } of suppressed) {
      logger.info({ warningList, list, value, count }, 'a warning list kept an indicator from firing');
    }
    yield* findings.filter((finding) => finding.score * 100 >= given.min_confidence);
  },
  async live({ store, networks, settings: given }) {
    const { matcher } = await readMatcher(store, given);
    if (matcher === undefined) return undefined;
    return (events) => {
      const watch = new IndicatorWatch({ matcher, networks });
      if (watch.take(events) === 0) return [];
      return watch.verdict().findings.filter((finding) => finding.score * 100 >= given.min_confidence);
    };
  },
});
