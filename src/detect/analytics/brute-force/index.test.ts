import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf } from '../../../events/event.ts';
import { analytic } from './index.ts';

let line = 0;
const attempt = (second: number, fields: Partial<EventOf<'user_session'>>) =>
  event('user_session', {
    host_name: 'web01',
    source_ip: '203.0.113.9',
    event_action: 'login',
    event_outcome: 'failure',
    target_user_name: 'root',
    time: dayStart + second * 1_000_000,
    evidence_at: ++line,
    ...fields,
  });
const many = (count: number, fields: (index: number) => Partial<EventOf<'user_session'>>, step = 5) =>
  Array.from({ length: count }, (_none, index) => attempt(index * step, fields(index)));

describe('guessed passwords', () => {
  it('are high when the source is let in after them', async () => {
    const events = [
      ...many(60, (index) => ({ target_user_name: ['root', 'admin', 'backup'][index % 3] ?? null })),
      attempt(400, { event_outcome: 'success', target_user_name: 'backup' }),
    ];
    const [finding, ...others] = await findingsOf(analytic, events);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      title: '203.0.113.9 guessed passwords of 3 accounts on web01 and was let in',
      severity: 'high',
      count: 60,
      first_seen: dayStart,
      last_seen: dayStart + 400_000_000,
      attack: ['T1110.001', 'T1078'],
      entities: [
        { kind: 'host', value: 'web01' },
        { kind: 'address', value: '203.0.113.9' },
        { kind: 'user', value: 'backup' },
      ],
    });
  });

  it('are low from outside without that, and medium from inside over many accounts', async () => {
    expect(
      await findingsOf(
        analytic,
        many(500, () => ({})),
      ),
    ).toMatchObject([{ severity: 'low' }]);
    const inside = many(200, (index) => ({ source_ip: '10.0.0.7', target_user_name: `user${index % 40}` }));
    expect(await findingsOf(analytic, inside)).toMatchObject([{ severity: 'medium', attack: ['T1110.003'] }]);
  });

  it('are told when sprayed slowly over many accounts', async () => {
    const events = many(10, (index) => ({ source_ip: '10.0.0.7', target_user_name: `user${index}` }), 7200);
    expect(await findingsOf(analytic, events)).toMatchObject([
      { title: '10.0.0.7 guesses passwords of 10 accounts on web01' },
    ]);
  });

  it('are counted once however many records a machine writes of one try', async () => {
    const doubled = many(8, () => ({})).flatMap((one) => [one, { ...one, event_action: 'authentication' }]);
    expect(await findingsOf(analytic, doubled)).toEqual([]);
  });

  it.each([
    ['a few mistakes before a log-in', [...many(4, () => ({})), attempt(60, { event_outcome: 'success' })]],
    ['many log-ins', many(100, () => ({ event_outcome: 'success' }))],
    ['other acts that fail', many(100, () => ({ event_action: 'sudo' }))],
  ])('are not %s', async (_what, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });

  it('are seen in SSH sessions of a network sensor too', async () => {
    const sessions = Array.from({ length: 30 }, (_none, index) =>
      event('ssh', {
        source_ip: '203.0.113.9',
        destination_ip: '10.0.0.22',
        ssh_auth_success: index === 29,
        time: dayStart + index * 20_000_000,
        evidence_at: index + 1,
      }),
    );
    expect(await findingsOf(analytic, sessions)).toMatchObject([
      { title: '203.0.113.9 guessed a password on 10.0.0.22 and was let in', severity: 'high', count: 29 },
    ]);
  });
});
