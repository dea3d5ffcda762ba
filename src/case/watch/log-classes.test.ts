import { describe, expect, it } from 'vitest';
import { microsPerDay } from '../../base/time.ts';
import { kindIds } from '../../events/event.ts';
import { forgetting } from './log-classes.ts';

const days = { application: 30, system: 90, performance: 7, security: 365, network: 30 };
const now = 1_700_000_000_000_000;

describe('classes of logs', () => {
  it('give each kind of events one bound, that of its class', () => {
    const all = forgetting(days, now);
    expect(all.flatMap(({ kinds }) => kinds).sort()).toEqual([...kindIds].sort());
    const boundOf = (kind: string): number =>
      (now - (all.find(({ kinds }) => kinds.some((one) => one === kind))?.olderThan ?? 0)) / microsPerDay;
    expect(['flow', 'process', 'alert', 'log'].map(boundOf)).toEqual([30, 365, 365, 90]);
  });

  it('keep for ever where they say 0', () => {
    expect(forgetting({ ...days, performance: 0, security: 0 }, now)).toMatchObject([
      { olderThan: now - 30 * microsPerDay },
    ]);
  });
});
