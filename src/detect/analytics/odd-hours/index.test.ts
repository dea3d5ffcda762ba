import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../../tests/support/event-store.ts';
import { logIn, workdays } from '../../../../tests/support/log-ins.ts';
import { analytic } from './index.ts';

describe('a log-in at an odd hour', () => {
  it('is told low, with the hours that are usual', async () => {
    const findings = await findingsOf(analytic, [...workdays(20), logIn(28, 2)]);
    expect(findings).toMatchObject([{ title: 'anna logs in at an odd hour', severity: 'low' }]);
    expect(findings[0]?.reasons[0]?.value).toMatch(/^02:00 UTC, 5 h from the nearest/);
  });

  it('is told at a weekend after weeks without one', async () => {
    const [finding] = await findingsOf(analytic, [...workdays(20), logIn(26, 8)]);
    expect(finding?.reasons[0]).toEqual({ what: 'weekend', value: 'none of its 20 days before was one', weight: 0.2 });
  });

  it.each([
    ['an hour later than ever', [...workdays(20), logIn(28, 15)]],
    ['together with a new place, which is told elsewhere', [...workdays(20), logIn(28, 2, { source_ip: '10.9.9.9' })]],
    ['of an account of the night shift', [...workdays(20, 22), logIn(28, 0)]],
    [
      'of a service that runs round the clock',
      Array.from({ length: 20 * 24 }, (_none, hour) => logIn(Math.floor(hour / 24), hour % 24)),
    ],
  ])('is not told %s', async (_what, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });

  it('says that it is still learning', async () => {
    const why: string[] = [];
    const spied: typeof analytic = {
      ...analytic,
      run: (context) => analytic.run({ ...context, notChecked: (text) => void why.push(text) }),
    };
    expect(await findingsOf(spied, workdays(3))).toEqual([]);
    expect(why).toEqual(['still learning: no account logged in on 10 days over 14 yet']);
  });
});
