import { z } from 'zod';
import { parseIp } from '../../../base/ip.ts';
import { microsPerDay } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, severityOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { readActivity, type ActivityDay, type Doing } from './activity.ts';
import { Habit } from './habit.ts';

const settings = z.strictObject({
  learning_days: z.number().int().min(3).default(10).describe('Days with records after which an account is known.'),
  learning_span_days: z.number().int().min(3).default(14).describe('Days from its first record, at the least.'),
  min_records: z
    .number()
    .int()
    .min(1)
    .default(100)
    .describe('Fewer on a day are never much; a third of it for deletions.'),
  factor: z.number().min(1).default(3).describe('Times the most of any day before that are much.'),
  min_score: z.number().min(0).max(1).default(0.4).describe('Days below this make no finding.'),
});
type Settings = z.infer<typeof settings>;

export const analytic = defineAnalytic({
  id: 'mass-access',
  title: 'Accounts that touch unusually much',
  description:
    'Accounts that read, change or delete far more on one day than on any day before, by the records of services that count no bytes: file servers, databases, cloud stores, printers, and logs with a user that a mapping file makes known. An account is held against its own past in the same log; a new hour, the first weekend and new places add to it. It is known after ten days with records over two weeks. Where many accounts do so on the same day it weighs little. One day never makes more than medium.',
  reads: ['file_access', 'log'],
  attack: ['T1213', 'T1485', 'T1078'],
  guide: ['B01', 'B04', 'B14'],
  references: ['https://attack.mitre.org/techniques/T1213/', 'https://attack.mitre.org/techniques/T1485/'],
  settings,
  async *run(context) {
    const { since = 0, until = Number.MAX_SAFE_INTEGER } = context;
    const days = await readActivity(context.store);
    const { unusual, knownDays } = judge(days, context.settings);
    if (days.length > 0 && knownDays.size === 0) {
      const { learning_days: least, learning_span_days: span } = context.settings;
      context.notChecked(`still learning: no account has records of ${least} days over ${span} in one log yet`);
    }
    const perDay = Map.groupBy(unusual, dayKey);
    for (const one of unusual) {
      const at = one.activity.day * microsPerDay;
      if (at + microsPerDay <= since || at >= until) continue;
      const alike = (perDay.get(dayKey(one))?.length ?? 1) - 1;
      const finding = toFinding(one, alike, knownDays.get(dayKey(one)) ?? 1);
      if (finding.score >= context.settings.min_score) yield finding;
    }
  },
});

/** A day on which more was done than ever before. */
interface Unusual {
  readonly activity: ActivityDay;
  /** What was done more, and what else was new. */
  readonly volume: readonly Reason[];
  readonly others: readonly Reason[];
  readonly learnt: Reason;
}

const dayKey = ({ activity: { day, log } }: Unusual): string => `${day} ${log}`;

/** Days that differ, and how many accounts were known on each day in each log. */
function judge(
  days: readonly ActivityDay[],
  bounds: Settings,
): { readonly unusual: Unusual[]; readonly knownDays: ReadonlyMap<string, number> } {
  const habits = new Map<string, Habit>();
  const knownDays = new Map<string, number>();
  const unusual: Unusual[] = [];
  for (const activity of days) {
    const key = JSON.stringify([activity.account, activity.log]);
    const habit = habits.get(key) ?? new Habit();
    habits.set(key, habit);
    const span = habit.spanBefore(activity.day);
    if (habit.days >= bounds.learning_days && span >= bounds.learning_span_days) {
      const volume = habit.volume(activity, bounds);
      const learnt = { what: 'learnt before', value: `${habit.days} days with records over ${span} days` };
      const one = { activity, volume, others: habit.others(activity), learnt };
      knownDays.set(dayKey(one), (knownDays.get(dayKey(one)) ?? 0) + 1);
      if (volume.length > 0) unusual.push(one);
    }
    habit.add(activity);
  }
  return { unusual, knownDays };
}

/** One day proves nothing: others have to join. */
const most = 0.69;
/** So many other accounts, and this share of those that are known, make it the company's doing. */
const commonOthers = 2;
const commonShare = 0.25;

function toFinding({ activity, volume, others, learnt }: Unusual, alike: number, known: number): Finding {
  const isCommon = alike >= commonOthers && alike / known >= commonShare;
  const common = { what: 'others', value: `${alike} more of ${known} accounts did so on that day`, weight: -0.35 };
  const reasons = roundedReasons([...volume, ...others, ...(isCommon ? [common] : []), learnt]);
  const score = Math.min(most, sumOfReasons(reasons));
  const { account, log, day, places, first, last, evidence, done } = activity;
  const doings = volume.map(({ what }) => what);
  const did = doings.map((doing) => pastTense[doing as Doing]).join(' and ');
  return makeFinding({
    about: [account, log, String(day)],
    detector: 'analytics/mass-access',
    title: `${account} ${doings.join(' and ')} far more in ${log} than on any day before`,
    sentence: `${account} ${did} far more in ${log} than on any day before`,
    severity: severityOf(score),
    score,
    first_seen: first,
    last_seen: last,
    entities: [{ kind: 'user', value: account }, ...[...places].slice(0, maxPlaces).map(placeEntity)],
    attack: doings.includes('deletes') ? ['T1485', 'T1078'] : ['T1213', 'T1078'],
    reasons,
    evidence,
    count: [...done.values()].reduce((sum, { records }) => sum + records, 0),
    vanishes: `${account} had done as much on a day before`,
    next: `ask the owner of ${account} what the day's work was, and look at which things they are in ${log}`,
  });
}

const pastTense: Readonly<Record<Doing, string>> = { reads: 'read', changes: 'changed', deletes: 'deleted' };
const maxPlaces = 5;

function placeEntity(value: string): Entity {
  return { kind: parseIp(value) === undefined ? 'host' : 'address', value };
}
