import { describe, expect, it } from 'vitest';
import { event, findingsOf } from '../../../../tests/support/event-store.ts';
import { monday } from '../../../../tests/support/log-ins.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { doingOf } from './activity.ts';
import { analytic } from './index.ts';

interface Work {
  readonly day: number;
  readonly hour?: number;
  readonly count: number;
  readonly action?: string;
  readonly user?: string;
  readonly host?: string;
}

/** Accesses to a share by one account within an hour. */
function work({ day, hour = 9, count, action = 'read', user = 'anna', host = 'fs01' }: Work): VakthundEvent[] {
  return Array.from({ length: count }, (_none, index) =>
    event('file_access', {
      time: monday + day * 86_400_000_000 + hour * 3_600_000_000 + index * 1_000_000,
      event_dataset: 'share',
      event_action: action,
      user_name: user,
      host_name: host,
      file_path: `/data/${index}`,
      evidence_at: index + 1,
    }),
  );
}

/** Twenty days from Monday to Friday with 15 to 24 reads each. */
const past = (user = 'anna'): VakthundEvent[] =>
  Array.from({ length: 20 }, (_none, index) => {
    const day = Math.floor(index / 5) * 7 + (index % 5);
    return [
      ...work({ day, count: 15 + (index % 10), user }),
      ...work({ day, hour: 14, count: 2, action: 'write', user }),
    ];
  }).flat();

const find = (events: readonly VakthundEvent[]) => findingsOf(analytic, events, {});

describe('an account that touches more than ever', () => {
  it('is told by numbers, with the hour that is new', async () => {
    const [finding, ...others] = await find([...past(), ...work({ day: 28, hour: 2, count: 600 })]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      title: 'anna reads far more in share than on any day before',
      severity: 'medium',
      attack: ['T1213', 'T1078'],
      count: 600,
      first_seen: monday + 28 * 86_400_000_000 + 2 * 3_600_000_000,
      entities: [
        { kind: 'user', value: 'anna' },
        { kind: 'host', value: 'fs01' },
      ],
    });
    expect(finding?.reasons.map(({ what, value }) => [what, value])).toEqual([
      ['reads', '600, of 600 things on one day, at most 24 before'],
      ['hours', '02:00 UTC, never before (09:00, 14:00)'],
      ['learnt before', '20 days with records over 28 days'],
    ]);
  });

  it('is told for deletions that it never made, at a third of the number', async () => {
    const [finding] = await find([...past(), ...work({ day: 28, count: 80, action: 'unlink' })]);
    expect(finding).toMatchObject({
      title: 'anna deletes far more in share than on any day before',
      severity: 'medium',
    });
    expect(finding?.attack).toEqual(['T1485', 'T1078']);
  });

  it('is told of logs of any kind that name a user and what was done', async () => {
    const records = (day: number, count: number, source: string): VakthundEvent[] =>
      Array.from({ length: count }, (_none, index) =>
        event('log', {
          time: monday + day * 86_400_000_000 + 9 * 3_600_000_000 + index,
          event_dataset: 'mapped.database',
          user_name: 'Bert',
          source_ip: source,
          message: `row ${index}`,
          fields: '{"operation":"SELECT"}',
        }),
      );
    const days = Array.from({ length: 16 }, (_none, day) => records(day, 20, '10.0.0.7')).flat();
    const [finding] = await find([...days, ...records(17, 400, '10.0.9.9')]);
    expect(finding?.title).toBe('bert reads far more in mapped.database than on any day before');
    expect(finding?.reasons.map(({ what }) => what)).toEqual(['reads', 'place', 'learnt before']);
    expect(finding?.entities).toContainEqual({ kind: 'address', value: '10.0.9.9' });
  });

  it.each([
    ['there is little of it', [...past(), ...work({ day: 28, hour: 2, count: 90 })]],
    ['it is more, and nothing else is new', [...past(), ...work({ day: 28, count: 120 })]],
    ['the account is not known yet', [...work({ day: 0, count: 5 }), ...work({ day: 28, hour: 2, count: 900 })]],
    [
      'it did as much before',
      [...work({ day: 1, hour: 2, count: 400 }), ...past(), ...work({ day: 28, hour: 2, count: 600 })],
    ],
    ['everything is as ever', [...past(), ...work({ day: 28, count: 20 })]],
    [
      'a program did it, which a sensor of the machine saw',
      [...past(), ...work({ day: 28, hour: 2, count: 600 }).map((one) => Object.assign(one, { process_name: 'tar' }))],
    ],
    [
      'many do so on one day',
      ['anna', 'bert', 'carl', 'dora'].flatMap((user) => [...past(user), ...work({ day: 28, count: 240, user })]),
    ],
  ])('is not told when %s', async (_what, events) => {
    expect(await find(events)).toEqual([]);
  });
});

it('knows what a word stands for', () => {
  expect(['DeleteObject', 'unlink', 'DROP TABLE'].map(doingOf)).toEqual(['deletes', 'deletes', 'deletes']);
  expect(['SELECT', 'GetObject', 'open', 'print'].map(doingOf)).toEqual(['reads', 'reads', 'reads', 'reads']);
  expect(['write', 'PutObject', ''].map(doingOf)).toEqual(['changes', 'changes', 'changes']);
});
