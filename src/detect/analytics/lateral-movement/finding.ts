import { formatDuration } from '../../../base/time.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import { makeFinding, maxPointers, severityOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { ramp } from '../../ramp.ts';
import { remoteActs, remoteServices } from './services.ts';
import type { Spread } from './spread.ts';

/** Machines that are named, and that become entities. */
const named = 8;
/** Time from the first machine to the last that no person at a keyboard needs, and one that a day's work fills, in hours. */
const [quick, slow] = [1, 8];

export interface Background {
  /** µs since when the history of the case reaches back, and the machine was seen. */
  readonly historySince: number;
  readonly sourceSince: number | undefined;
  readonly newsFrom: number;
}

export function toFinding(spread: Spread, background: Background): Finding {
  const { source, pairs, acts, targets } = spread;
  const reasons = reasonsOf(spread, background);
  const score = sumOfReasons(reasons);
  const times = [...pairs, ...acts].map(({ first }) => first);
  const pointers = [...pairs, ...acts].toSorted((a, b) => a.first - b.first);
  const services = [...new Set(pairs.map(({ service }) => service))];
  const many = targets.length === 1 ? String(targets[0]) : `${targets.length} machines`;
  return makeFinding({
    about: [source],
    detector: 'analytics/lateral-movement',
    title: `${source} goes to ${many} where it never went before`,
    sentence: `${source} went to ${many} by ${services.join(', ')} for the first time`,
    severity: severityOf(score),
    score,
    first_seen: Math.min(...times),
    last_seen: Math.max(...times),
    entities: [source, ...targets.slice(0, named)].map((value) => ({ kind: 'host', value })),
    attack: techniques(spread),
    reasons,
    evidence: [...pointers.slice(0, maxPointers - 1), ...pointers.slice(maxPointers - 1).slice(-1)].map((entry) => ({
      evidence_id: entry.evidence_id,
      at: entry.evidence_at,
    })),
    count: [...pairs, ...acts].reduce((sum, { count }) => sum + count, 0),
    vanishes: `${source} had gone to them before, others went there as well, or administering them were its habit`,
    next: `find out which account and which program on ${source} did it, and what they did on ${targets[0] ?? 'the others'}`,
  });
}

function reasonsOf({ pairs, acts, targets, habit }: Spread, background: Background): Reason[] {
  const times = pairs.map(({ first }) => first);
  const length = Math.max(...times) - Math.min(...times);
  const services = [...new Set(pairs.map(({ service }) => service))];
  const privileged = new Set(pairs.filter(({ isPrivileged }) => isPrivileged).map(({ target }) => target));
  const names = targets.slice(0, named).join(', ');
  return roundedReasons([
    {
      what: 'machines that it never went to before',
      value: targets.length > named ? `${targets.length}, such as ${names}` : names,
      weight: 0.1 + 0.1 * ramp(targets.length, 1, 3) + 0.25 * ramp(Math.log2(targets.length), Math.log2(3), 4),
    },
    { what: 'by', value: services.join(', '), weight: 0.05 * ramp(services.length, 1, 3) },
    ...(targets.length < 2
      ? []
      : [
          {
            what: 'within',
            value: formatDuration(length),
            weight: 0.1 * (1 - ramp(length / 3_600_000_000, quick, slow)),
          },
        ]),
    ...habits(habit, background),
    ...remoteActs.flatMap(({ id, says, weight }): Reason[] => {
      const where = [...new Set(acts.filter(({ act }) => act === id).map(({ target }) => target))];
      return where.length === 0 ? [] : [{ what: says, value: where.slice(0, named).join(', '), weight }];
    }),
    ...(privileged.size === 0
      ? []
      : [
          {
            what: 'with the privileges of an administrator',
            value: [...privileged].slice(0, named).join(', '),
            weight: 0.15,
          },
        ]),
  ]);
}

/** What it did while habits were learnt: nothing of the kind is the strongest, a machine that came since has none. */
function habits(habit: number, { historySince, sourceSince, newsFrom }: Background): Reason[] {
  if (sourceSince !== undefined && sourceSince >= newsFrom) {
    return [
      {
        what: 'the machine is new',
        value: `first seen after ${formatDuration(sourceSince - historySince)}`,
        weight: 0.1,
      },
    ];
  }
  const value = `${habit} machines in ${formatDuration(newsFrom - historySince)}`;
  return [{ what: 'went to before', value, weight: habit === 0 ? 0.1 : 0 }];
}

function techniques({ pairs, acts }: Spread): string[] {
  const used = new Set(pairs.map(({ service }) => service));
  const ways = remoteServices.filter(({ name }) => used.has(name)).map(({ attack }) => attack);
  const done = remoteActs.filter(({ id }) => acts.some(({ act }) => act === id)).map(({ attack }) => attack);
  const accounts = pairs.some(({ isPrivileged }) => isPrivileged) ? ['T1078'] : [];
  return [...new Set([...(ways.length === 0 ? ['T1021'] : ways), ...done, ...accounts])];
}
