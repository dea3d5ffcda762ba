import type { Claim } from '../../../src/inspect/claim.ts';
import type { Reference } from '../../../src/inspect/image/check.ts';
import { allChecks } from '../../../src/inspect/image/run-checks.ts';
import type { SuiteResult } from '../suite.ts';

export interface Case {
  readonly name: string;
  readonly got: string;
  readonly want: string;
}

/** Counts cases; those that differ are told. */
export function judge(cases: readonly Case[], figures?: SuiteResult['figures']): SuiteResult {
  const failed = cases
    .filter(({ got, want }) => got !== want)
    .map(({ name, got, want }) => ({ case: name, got, want }));
  return {
    total: cases.length,
    passed: cases.length - failed.length,
    skipped: 0,
    failed,
    ...(figures === undefined ? {} : { figures }),
  };
}

/** Detectors of the checks that stand for a recommendation. */
export function checksCiting(of: Reference['of'], id: string): ReadonlySet<string> {
  const citing = allChecks.filter(({ references }) =>
    references.some((reference) => reference.of === of && reference.id === id),
  );
  return new Set(citing.map((check) => `checks/${check.id}`));
}

/** Claims that name a container or an image. */
export function claimsAbout(claims: readonly Claim[], name: string): Claim[] {
  return claims.filter(({ entities }) =>
    entities.some(
      ({ kind, value }) =>
        (kind === 'container' || kind === 'image') && (value === name || value.startsWith(`${name}:`)),
    ),
  );
}
