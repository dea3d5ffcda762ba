import { describe, expect, it } from 'vitest';
import { microsPerDay } from '../../base/time.ts';
import { kindIds } from '../../events/event.ts';
import type { RetentionBound } from '../owned-case.ts';
import { forgetting } from './log-classes.ts';

const days = { application: 30, system: 90, performance: 7, security: 365, network: 30 };
const bytes = { application: 3e9, system: 2e9, performance: 1e9, security: 5e9, network: 20e9 };
const none = { application: 0, system: 0, performance: 0, security: 0, network: 0 };
const now = 1_700_000_000_000_000;

/** The bound that holds for a kind. */
const boundOf = (bounds: readonly RetentionBound[], kind: string): RetentionBound | undefined =>
  bounds.find(({ kinds }) => kinds.some((one) => one === kind));

describe('classes of logs', () => {
  it.each([
    ['age', { days, bytes: none }],
    ['disk', { days: none, bytes }],
  ])('give each kind of events one bound of %s', (_what, keep) => {
    expect(
      forgetting(keep, now)
        .flatMap(({ kinds }) => kinds)
        .sort(),
    ).toEqual([...kindIds].sort());
  });

  it.each([
    ['flow', 30, 20e9],
    ['process', 365, 5e9],
    ['alert', 365, 5e9],
    ['log', 90, 6e9],
  ])('keep %s for %i days and in %i bytes', (kind, keptDays, maxBytes) => {
    expect(boundOf(forgetting({ days, bytes: none }, now), kind)).toMatchObject({
      olderThan: now - keptDays * microsPerDay,
    });
    expect(boundOf(forgetting({ days: none, bytes }, now), kind)).toMatchObject({ maxBytes });
  });

  it('have no bound where they say 0', () => {
    expect(forgetting({ days: none, bytes: none }, now)).toEqual([]);
    expect(
      forgetting(
        { days: { ...days, performance: 0, security: 0 }, bytes: { ...bytes, application: 0, network: 0 } },
        now,
      ),
    ).toMatchObject([{ olderThan: now - 30 * microsPerDay }, { maxBytes: 5e9 }]);
  });
});
