import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../../tests/support/event-store.ts';
import { logIn, monday, workdays } from '../../../../tests/support/log-ins.ts';
import { analytic } from './index.ts';

const also = ['networks'] as const;
const find = (events: ReturnType<typeof workdays>) => findingsOf(analytic, events, {}, also);

describe('an account that leaves its habit', () => {
  it('is told by hour and place together, with both against its past', async () => {
    const [finding, ...others] = await find([
      ...workdays(20),
      logIn(28, 2, { source_ip: '193.0.6.139', evidence_at: 9 }),
    ]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      title: 'anna logs in at an unusual time and place',
      severity: 'medium',
      attack: ['T1078'],
      first_seen: monday + 28 * 86_400_000_000 + 2 * 3_600_000_000,
      entities: [
        { kind: 'user', value: 'anna' },
        { kind: 'host', value: 'ws07' },
        { kind: 'address', value: '193.0.6.139' },
      ],
      evidence: [{ evidence_id: expect.any(Number) as number, at: 9 }],
    });
    expect(finding?.reasons.map(({ what, value }) => [what, value])).toEqual([
      ['hour', '02:00 UTC, 5 h from the nearest of its usual hours (07:00-08:00, 13:00-14:00)'],
      ['comes from', '193.0.6.139 (AS3333), never before; a new place on 0 of 20 days'],
      ['country', 'NL, never before'],
      ['learnt before', '20 days with log-ins over 28 days'],
    ]);
  });

  it('is told by volume at an odd hour', async () => {
    const spread = ['fs01', 'fs02', 'db01', 'dc01'].map((host_name) => logIn(28, 2, { host_name }));
    const [finding] = await find([...workdays(20), ...spread]);
    expect(finding?.title).toBe('anna logs in at an unusual time and place and volume');
    expect(finding?.reasons.find(({ what }) => what === 'machines')?.value).toBe('4 on one day, at most 1 before');
    expect(finding?.count).toBe(4);
  });

  it.each([
    ['one thing alone is unusual', [...workdays(20), logIn(28, 8, { source_ip: '193.0.6.139' })]],
    ['the account is not known yet', [...workdays(8), logIn(14, 2, { source_ip: '193.0.6.139' })]],
    ['log-ins fail', [...workdays(20), logIn(28, 2, { source_ip: '193.0.6.139', event_outcome: 'failure' })]],
    ['everything is as ever', workdays(40)],
    [
      'the account travels all the time',
      Array.from({ length: 40 }, (_none, day) =>
        logIn(day, day % 24, { source_ip: `10.1.${day}.5`, host_name: `ws${day}` }),
      ),
    ],
  ])('is not told when %s', async (_what, events) => {
    expect(await find(events)).toEqual([]);
  });
});
