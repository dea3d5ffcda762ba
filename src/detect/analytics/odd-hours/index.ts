import { z } from 'zod';
import type { LocalNetworks } from '../../../base/networks.ts';
import type { Finding } from '../../../events/finding.ts';
import {
  accountEntities,
  accountPointers,
  learntReason,
  unusualDays,
  type UnusualDay,
} from '../../accounts/unusual-days.ts';
import { countOf } from '../../accounts/past.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, severityOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';

const settings = z.strictObject({
  learning_days: z.number().int().min(3).default(10).describe('Days with a log-in after which an account is known.'),
  learning_span_days: z.number().int().min(3).default(14).describe('Days from its first log-in, at the least.'),
});

export const analytic = defineAnalytic({
  id: 'odd-hours',
  title: 'Log-ins at odd hours',
  description:
    'Log-ins of an account three hours or more from any hour at which it is usual, or at a weekend after three weeks without one; against the account’s own past, so that shifts and time zones need no setting. Never more than low, and only where nothing else is unusual that day: time together with place or volume is told by `insider`. Accounts that work round the clock have no odd hours.',
  reads: ['user_session'],
  attack: ['T1078'],
  guide: ['B01', 'B04', 'B14'],
  references: ['https://attack.mitre.org/techniques/T1078/'],
  settings,
  async *run(context) {
    for (const unusual of await unusualDays(context, context.settings)) {
      const { time, place, volume } = unusual.deviations;
      if (time.length > 0 && place.length === 0 && volume.length === 0) yield toFinding(unusual, context.networks);
    }
  },
});

/** The hour alone is low at most. */
const most = 0.44;

function toFinding({ account, deviations }: UnusualDay, networks: LocalNetworks): Finding {
  const reasons = roundedReasons([...deviations.time, learntReason(account)]);
  const score = Math.min(most, sumOfReasons(reasons));
  const { account: name, day } = account;
  const { logIns } = deviations;
  return makeFinding({
    about: [name, String(day)],
    detector: 'analytics/odd-hours',
    title: `${name} logs in at an odd hour`,
    sentence: `${name} logged in at an odd hour`,
    severity: severityOf(score),
    score,
    first_seen: Math.min(...logIns.map(({ first }) => first)),
    last_seen: Math.max(...logIns.map(({ last }) => last)),
    entities: accountEntities(account, deviations, networks),
    attack: ['T1078'],
    reasons,
    evidence: accountPointers(deviations),
    count: countOf(logIns),
    vanishes: `${name} had logged in at such an hour before`,
    next: `look at what ${name} did in that session, and ask its owner`,
  });
}
