import { defineAnalytic, type AnalyticContext } from '../../analytic.ts';
import type { Finding, Reason, Severity } from '../../../events/finding.ts';
import { makeFinding } from '../../make-finding.ts';
import { commonHosts, rarityOf } from '../../pairs/rarity.ts';
import { prevalenceText, roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { youthReason, readHistory, type History } from '../../pairs/youth.ts';
import { ritaFindings } from '../../rita/findings.ts';
import { ritaCode } from '../../rita/profile.ts';
import { readBusyPairs, type BusyPair } from './busy-pairs.ts';
import { settings, type StrobeSettings } from './settings.ts';

export const analytic = defineAnalytic({
  id: 'strobe',
  title: 'Strobes',
  description:
    'Finds local hosts that connect to one destination once a second or more: 86,400 connections in a day, as RITA has it, ' +
    'or that pace for an hour where there is no whole day of it. ' +
    'The score falls with the number of local hosts that use the destination and for destinations inside. ' +
    "RITA's own score can be chosen instead.",
  reads: ['flow'],
  countsCalls: true,
  attack: ['T1071'],
  guide: ['B12'],
  references: ['https://github.com/activecm/rita'],
  settings,
  async *run(context) {
    const { profile } = context.settings;
    if (profile === 'vakthund') yield* await findStrobes(context);
    else yield* await ritaFindings(context, profile, 'analytics/strobe', ['strobe']);
  },
});

async function findStrobes(context: AnalyticContext<StrobeSettings>): Promise<Finding[]> {
  const { settings: set, networks, store } = context;
  const pairs = (await readBusyPairs(context)).filter((pair) => !networks.isGroup(pair.destination));
  const history = await readHistory(store);
  return pairs
    .map((pair) => toFinding(pair, networks.isLocal(pair.destination), set, history))
    .filter((finding) => finding.score >= set.min_score)
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, set.max_findings);
}

function toFinding(pair: BusyPair, isInternal: boolean, set: StrobeSettings, history: History): Finding {
  const reasons = reasonsOf(pair, isInternal, set, history);
  const score = sumOfReasons(reasons);
  return makeFinding({
    about: [pair.source, pair.destination],
    detector: 'analytics/strobe',
    title: `${pair.source} connected to ${pair.destination} ${pair.inDay} times in a day`,
    severity: severityOf(score, isInternal),
    score,
    first_seen: pair.firstSeen,
    last_seen: pair.lastSeen,
    entities: [
      { kind: 'host', value: pair.source },
      { kind: 'address', value: pair.destination },
    ],
    attack: ['T1071'],
    reasons: roundedReasons(reasons),
    evidence: pair.evidence,
    count: pair.connections,
    vanishes: `it makes fewer than ${set.connections_per_day} connections a day and that pace in every hour, or ${commonHosts(pair.networkSize)} or more local hosts use the destination`,
    next: `Find the process on ${pair.source} that connects without pause, and whether the destination answers it.`,
  });
}

/** Of the pace's score, what a common destination keeps, and what remains when the network is too small to tell. */
const commonShare = 0.4;
const untellingShare = 0.75;

function reasonsOf(pair: BusyPair, isInternal: boolean, set: StrobeSettings, history: History): Reason[] {
  const isWhole = pair.inDay >= set.connections_per_day;
  const base = isWhole ? ritaCode.strobeScore : ritaCode.strobeScore * (0.5 + 0.5 * Math.min(1, pair.busyHours / 24));
  const rarity = rarityOf(pair.hosts, pair.networkSize);
  const kept = rarity === undefined ? untellingShare : commonShare + (1 - commonShare) * rarity;
  const list: Reason[] = [
    {
      what: 'pace',
      value: `${pair.inDay} connections in a day, ${pair.busyHours} hours at one a second or more`,
      weight: base,
    },
    {
      what: 'prevalence',
      value: prevalenceText(pair.hosts, pair.networkSize, rarity !== undefined),
      weight: base * (kept - 1),
    },
  ];
  const age = youthReason(pair.knownSince, history);
  if (age !== undefined) list.push(age);
  if (isInternal) {
    list.push({ what: 'internal destination', value: 'health checks and proxies connect as often', weight: -0.3 });
  }
  if (pair.ports > 1) list.push({ what: 'ports', value: `${pair.ports} different ones` });
  if (pair.unanswered > 0) list.push({ what: 'unanswered', value: `${pair.unanswered} of ${pair.connections}` });
  return list;
}

function severityOf(score: number, isInternal: boolean): Severity {
  if (isInternal) return 'low';
  if (score >= 0.75) return 'high';
  return score >= 0.5 ? 'medium' : 'low';
}
