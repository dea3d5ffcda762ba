import type { Pattern } from './syntax.ts';

/** Steps that a backtracking engine may take on one text. */
const budget = 1 << 18;

/** How a backtracking engine can branch: ways through the finite parts, and runs whose length it tries one by one. */
interface Effort {
  readonly ways: number;
  readonly runs: number;
}

const unbounded: Effort = { ways: Number.POSITIVE_INFINITY, runs: 0 };

/**
 * The longest text on which a backtracking engine cannot take more than a bounded number of steps: with `w` ways and `r` runs
 * it tries at most w·nʳ of them from each start. Infinite where its time is linear anyway, 0 where nothing is known.
 */
export function longestSafeText(pattern: Pattern): number {
  const { ways, runs } = effortOf(pattern);
  if (!(ways <= budget)) return 0;
  const exponent = runs + (isAnchored(pattern) ? 0 : 1);
  if (exponent === 0 || (exponent === 1 && ways <= 64)) return Number.POSITIVE_INFINITY;
  return Math.floor((budget / ways) ** (1 / exponent));
}

function isAnchored(pattern: Pattern): boolean {
  if (pattern.kind === 'assertion') return pattern.of === 'text-start';
  if (pattern.kind === 'choice') return pattern.of.every(isAnchored);
  const [first] = pattern.kind === 'sequence' ? pattern.of : [];
  return first !== undefined && isAnchored(first);
}

function effortOf(pattern: Pattern): Effort {
  switch (pattern.kind) {
    case 'set':
      return { ways: 1, runs: 0 };
    case 'assertion':
      // JavaScript would also find it between the two units of a pair.
      return pattern.of === 'no-word-edge' ? unbounded : { ways: 1, runs: 0 };
    case 'sequence':
      return pattern.of
        .map(effortOf)
        .reduce((all, one) => ({ ways: all.ways * one.ways, runs: all.runs + one.runs }), { ways: 1, runs: 0 });
    case 'choice':
      return pattern.of
        .map(effortOf)
        .reduce((all, one) => ({ ways: all.ways + one.ways, runs: Math.max(all.runs, one.runs) }), {
          ways: 0,
          runs: 0,
        });
    case 'repeat':
      return repeatEffort(pattern.of, pattern.min, pattern.max);
  }
}

function repeatEffort(of: Pattern, min: number, max: number): Effort {
  const inner = effortOf(of);
  if (max === Number.POSITIVE_INFINITY) return of.kind === 'set' && min < 2 ? { ways: 1, runs: 1 } : unbounded;
  if (inner.runs > 0 && max > 1) return unbounded;
  let ways = 0;
  for (let count = min; count <= max && ways <= budget; count++) ways += inner.ways ** count;
  return { ways, runs: inner.runs };
}

/** In a search, a leading or trailing run that may be empty says nothing. */
export function trimSearch(pattern: Pattern): Pattern {
  const members = pattern.kind === 'sequence' ? [...pattern.of] : [pattern];
  while (isFreeRun(members[0])) members.shift();
  while (isFreeRun(members.at(-1))) members.pop();
  return { kind: 'sequence', of: members };
}

function isFreeRun(member: Pattern | undefined): boolean {
  return member?.kind === 'repeat' && member.min === 0 && member.of.kind === 'set';
}
