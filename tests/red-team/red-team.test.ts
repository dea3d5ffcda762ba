import { describe, expect, it } from 'vitest';
import { severityRank } from '../../src/events/finding.ts';
import { inspectFiles } from '../support/inspect-files.ts';
import { entry } from './planted/entry.ts';
import { schedules } from './planted/schedules.ts';
import { services } from './planted/services.ts';
import { shells } from './planted/shells.ts';
import { triggers } from './planted/triggers.ts';
import { administration } from './honest/administration.ts';
import { services as honestServices } from './honest/services.ts';
import type { Honest, Planted } from './row.ts';

const planted: readonly Planted[] = [...schedules, ...shells, ...entry, ...triggers, ...services];
const honest: readonly Honest[] = [...administration, ...honestServices];

/** What was found, when it is not what must be: rank of the best claim of that detector at that place. */
function verdictOn([, detector, least, at, files]: Planted): string | readonly string[] {
  const claims = inspectFiles(files);
  const ranks = claims
    .filter((claim) => claim.path === at && claim.detector === `persistence/${detector}`)
    .map(({ severity }) => severityRank(severity));
  if (Math.max(-1, ...ranks) >= severityRank(least)) return 'found';
  return claims.map((claim) => `${claim.detector} ${claim.severity} ${claim.path}`);
}

describe('what is planted out of sight is found', () => {
  it.each(planted)('%s: %s, %s or over, at %s', (...row) => {
    expect(verdictOn(row)).toBe('found');
  });
});

describe('what honest people do is not told above low', () => {
  it.each(honest)('%s', (_what, files) => {
    const loud = inspectFiles(files).filter(({ severity }) => severityRank(severity) > severityRank('low'));
    expect(loud.map(({ detector, path, title }) => `${detector} ${path} ${title}`)).toEqual([]);
  });
});
