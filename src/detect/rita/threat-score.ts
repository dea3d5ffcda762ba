import type { Severity } from '../../events/finding.ts';
import type { ScoreBands } from './profile.ts';

/** 0 below the base, then 0.2 to 0.4, 0.6 and 0.8 in straight lines over the bands, and no higher (RITA v5, analysis/analysis.go). */
export function bandedScore(value: number, bands: ScoreBands): number {
  if (!(value >= bands.base)) return 0;
  if (value < bands.low) return 0.2 + (0.2 * (value - bands.base)) / (bands.low - bands.base);
  if (value < bands.medium) return 0.4 + (0.2 * (value - bands.low)) / (bands.medium - bands.low);
  return 0.6 + (0.2 * (Math.min(value, bands.high) - bands.medium)) / (bands.high - bands.medium);
}

/** RITA's own five words; its "none" is our "info". */
export function severityOf(finalScore: number): Severity {
  if (finalScore > 0.8) return 'critical';
  if (finalScore >= 0.6) return 'high';
  if (finalScore >= 0.4) return 'medium';
  return finalScore >= 0.2 ? 'low' : 'info';
}

/** The five things that RITA calls a threat. The greatest of them is the base that modifiers are added to. */
export interface Indicators {
  readonly beacon: number;
  readonly longConnection: number;
  readonly strobe: number;
  readonly subdomains: number;
  readonly threatIntel: number;
}
export type IndicatorId = keyof Indicators;

export function baseIndicator(indicators: Indicators): { readonly id: IndicatorId; readonly score: number } {
  let best: { id: IndicatorId; score: number } = { id: 'beacon', score: indicators.beacon };
  for (const id of ['strobe', 'longConnection', 'subdomains', 'threatIntel'] as const) {
    if (indicators[id] > best.score) best = { id, score: indicators[id] };
  }
  return best;
}
