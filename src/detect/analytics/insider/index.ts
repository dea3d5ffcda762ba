import { z } from 'zod';
import type { LocalNetworks } from '../../../base/networks.ts';
import type { Finding } from '../../../events/finding.ts';
import { countOf } from '../../accounts/past.ts';
import {
  accountEntities,
  accountPointers,
  learntReason,
  unusualDays,
  type UnusualDay,
} from '../../accounts/unusual-days.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, severityOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';

const settings = z.strictObject({
  learning_days: z.number().int().min(3).default(10).describe('Days with a log-in after which an account is known.'),
  learning_span_days: z.number().int().min(3).default(14).describe('Days from its first log-in, at the least.'),
  min_score: z.number().min(0).max(1).default(0.4).describe('Days below this make no finding.'),
});

export const analytic = defineAnalytic({
  id: 'insider',
  title: 'Accounts that leave their habit',
  description:
    'Accounts whose log-ins differ on one day from their own past in two ways at least: in time (hour, weekend), in place (network, country, machine) or in volume (machines, log-ins). Stolen passwords and people who are about to leave look alike here. Accounts of one person count as one where the asset list knows them. An account is known after ten days with log-ins over two weeks; nothing is told before. What a day alone shows never makes more than medium.',
  reads: ['user_session'],
  attack: ['T1078'],
  guide: ['B01', 'B04', 'B14'],
  references: ['https://attack.mitre.org/techniques/T1078/'],
  settings,
  async *run(context) {
    for (const unusual of await unusualDays(context, context.settings)) {
      const finding = toFinding(unusual, context.networks);
      if (finding.score >= context.settings.min_score) yield finding;
    }
  },
});

/** One day of log-ins proves nothing: others have to join. */
const most = 0.69;

function toFinding({ account, deviations }: UnusualDay, networks: LocalNetworks): Finding {
  const { time, place, volume, logIns } = deviations;
  const ways = [time, place, volume].filter((reasons) => reasons.length > 0).length;
  const reasons = roundedReasons([...time, ...place, ...volume, learntReason(account)]);
  const score = ways < 2 ? 0 : Math.min(most, sumOfReasons(reasons));
  const { account: name, day } = account;
  const whats = [
    ...(time.length > 0 ? ['time'] : []),
    ...(place.length > 0 ? ['place'] : []),
    ...(volume.length > 0 ? ['volume'] : []),
  ].join(' and ');
  return makeFinding({
    about: [name, String(day)],
    detector: 'analytics/insider',
    title: `${name} logs in at an unusual ${whats}`,
    sentence: `${name} logged in at an unusual ${whats}`,
    severity: severityOf(score),
    score,
    first_seen: Math.min(...logIns.map(({ first }) => first)),
    last_seen: Math.max(...logIns.map(({ last }) => last)),
    entities: accountEntities(account, deviations, networks),
    attack: ['T1078'],
    reasons,
    evidence: accountPointers(deviations),
    count: countOf(logIns),
    vanishes: `${name} had logged in so before`,
    next: `ask the owner of ${name} whether it was they, by another way than mail`,
  });
}
