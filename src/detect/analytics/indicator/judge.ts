import { severities, type Severity } from '../../../events/finding.ts';
import type { IndicatorRef } from '../../../match/indicators/set.ts';
import type { Direction } from './direction.ts';
import type { CaseOfOne } from './grouping.ts';

/** What each sense is worth when the list is sure. */
const baseSeverity: Readonly<Record<Direction, Severity>> = {
  outward: 'high',
  resolved: 'medium',
  file: 'high',
  mail: 'medium',
  login: 'high',
  answered: 'medium',
  refused: 'low',
  passing: 'low',
};

/** How much of a list's confidence counts, by sense. */
const share: Readonly<Record<Direction, number>> = {
  outward: 1,
  resolved: 0.7,
  file: 1,
  mail: 0.7,
  login: 1,
  answered: 0.6,
  refused: 0.3,
  passing: 0.3,
};

/** Taken where a list does not say how sure it is: most public lists are checked by hand or by several sensors. */
const usualConfidence = 70;
/** Below these, severity is one or two steps lower. */
const unsure = 50;
const veryUnsure = 20;

/** Chance that at least one of the lists is right, times what the sense counts. Lists that copy each other are not told apart. */
export function scoreOf({ direction, refs }: Pick<CaseOfOne, 'direction' | 'refs'>): number {
  const doubt = [...confidenceByList(refs).values()].reduce(
    (product, confidence) => product * (1 - confidence / 100),
    1,
  );
  return Math.round(Math.min(0.99, 1 - doubt) * share[direction] * 1000) / 1000;
}

export function severityFor(direction: Direction, cases: readonly Pick<CaseOfOne, 'refs'>[]): Severity {
  let best = 0;
  for (const each of cases) {
    for (const confidence of confidenceByList(each.refs).values()) best = Math.max(best, confidence);
  }
  // A name is no content: anybody may call a file so.
  const isName = cases.every(({ refs }) => refs.every(({ kind }) => kind === 'file'));
  const steps = Number(best < unsure) + Number(best < veryUnsure) + Number(isName);
  return severities[Math.max(0, severities.indexOf(baseSeverity[direction]) - steps)] ?? 'info';
}

function confidenceByList(refs: readonly IndicatorRef[]): Map<string, number> {
  const byList = new Map<string, number>();
  for (const ref of refs) byList.set(ref.list, Math.max(byList.get(ref.list) ?? 0, ref.confidence ?? usualConfidence));
  return byList;
}
