import type { Severity } from '../events/finding.ts';
import type { Claim } from './claim.ts';
import type { CorrelationContext } from './context.ts';
import { isAtLeast, type Measures } from './measures.ts';
import {
  agePart,
  assetPart,
  commonPart,
  countPart,
  hearsayPart,
  hostsPart,
  newsPart,
  rarityPart,
  tacticsPart,
  type RiskPart,
} from './risk-parts.ts';
import { bestOf, detectorsOf, scoreOf, sourcesOf } from './tally.ts';

/** Risk from which on an incident is of a severity. */
const severityThresholds: readonly (readonly [Severity, number])[] = [
  ['critical', 75],
  ['high', 50],
  ['medium', 30],
  ['low', 10],
  ['info', 0],
];

/** Where the risk begins by the strongest finding alone, and how much its score adds: a sure one just reaches its severity. */
const bases: Record<Severity, readonly [number, number]> = {
  critical: [75, 5],
  high: [50, 8],
  medium: [30, 8],
  low: [12, 6],
  info: [3, 4],
};
/** Low findings are many on every host: together they never reach high. */
const highestOfLow = 45;
/** Corroboration is worth this share of what is left to 100, at full points. */
const reach = 1.5;

export interface Risk {
  readonly risk: number;
  readonly severity: Severity;
  readonly parts: readonly RiskPart[];
}

/** 0 to 100, the rounded sum of its parts. */
export function riskOf(claims: readonly Claim[], measures: Measures, context: CorrelationContext): Risk {
  const acts = claims.filter((claim) => !claim.isWeakness);
  const strong = acts.filter((claim) => isAtLeast(claim.severity, 'medium'));
  const best = bestOf(acts.length > 0 ? acts : claims);
  const [from, byScore] = bases[best.severity];
  const base = from + byScore * scoreOf(best);
  const scale = ((100 - base) / 100) * reach;
  const raises = [
    tacticsPart(strong),
    countPart('independent detectors', detectorsOf(strong), [0, 3, 5, 7]),
    countPart('independent sources', sourcesOf(strong, context), [0, 5, 8]),
    hostsPart(strong),
    assetPart(acts, context),
    rarityPart(strong, measures),
    newsPart(strong, context),
  ];
  const parts: RiskPart[] = [
    {
      what: 'strongest finding',
      value: `${best.severity}, score ${scoreOf(best).toFixed(2)}: ${best.lead.title}`,
      points: base,
    },
    ...raises.flatMap((part) => (part === undefined ? [] : [{ ...part, points: part.points * scale }])),
    ...[hearsayPart(acts), commonPart(strong, measures), agePart(claims, context)].flatMap((part) => part ?? []),
  ];
  return settle(parts, strong.length === 0);
}

function settle(parts: readonly RiskPart[], isLowOnly: boolean): Risk {
  const rounded = parts.map((part) => ({ ...part, points: Math.round(part.points * 10) / 10 }));
  const sum = rounded.reduce((total, part) => total + part.points, 0);
  const over = Math.round((sum - highestOfLow) * 10) / 10;
  if (isLowOnly && over > 0) {
    rounded.push({ what: 'only low findings', value: `held at ${highestOfLow}`, points: -over });
  }
  const total = isLowOnly ? Math.min(sum, highestOfLow) : sum;
  const risk = Math.round(Math.min(Math.max(total, 0), 100));
  return { risk, severity: severityOf(risk), parts: rounded };
}

export function severityOf(risk: number): Severity {
  return severityThresholds.find(([, from]) => risk >= from)?.[0] ?? 'info';
}
