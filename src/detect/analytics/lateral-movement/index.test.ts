import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf, VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';

const minute = 60_000_000;
const day = 1440;

/** A connection inside with data both ways. `at` in minutes. */
function go(
  at: number,
  source: string,
  target: string,
  port = 22,
  fields: Partial<EventOf<'flow'>> = {},
): VakthundEvent {
  return event('flow', {
    time: dayStart + at * minute,
    evidence_at: at + 1,
    source_ip: `10.0.0.${source}`,
    destination_ip: `10.0.1.${target}`,
    destination_port: port,
    network_transport: 'tcp',
    conn_state: 'SF',
    source_payload_bytes: 4000,
    destination_payload_bytes: 6000,
    ...fields,
  });
}

/** What a network does all days: everybody opens shares of one server, the jump host 2 goes everywhere. */
const habits = (days = 3): VakthundEvent[] =>
  Array.from({ length: days }, (_none, index) => [
    ...['3', '4', '5', '6', '7', '8', '9'].map((source) => go(index * day + 60 + Number(source), source, '250', 445)),
    ...['20', '21', '22', '23'].map((target) => go(index * day + 100 + Number(target), '2', target)),
  ]).flat();
const spread = (targets: readonly string[], port = 22, fields: Partial<EventOf<'flow'>> = {}): VakthundEvent[] =>
  targets.map((target, index) => go(2 * day + 600 + index * 9, '5', target, port, fields));

describe('moves from machine to machine', () => {
  it('are told when one goes to several that it never went to', async () => {
    const [finding, ...more] = await findingsOf(analytic, [
      ...habits(),
      ...spread(['20', '21', '22'], 22),
      ...spread(['22', '23', '24'], 3389),
    ]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      detector: 'analytics/lateral-movement',
      title: '10.0.0.5 goes to 5 machines where it never went before',
      sentence: '10.0.0.5 went to 5 machines by SSH, RDP for the first time',
      severity: 'medium',
      first_seen: dayStart + (2 * day + 600) * minute,
      last_seen: dayStart + (2 * day + 618) * minute,
      attack: ['T1021.004', 'T1021.001'],
      count: 6,
    });
    expect(finding?.entities.map(({ value }) => value)).toEqual([
      '10.0.0.5',
      '10.0.1.20',
      '10.0.1.22',
      '10.0.1.21',
      '10.0.1.23',
      '10.0.1.24',
    ]);
    expect(finding?.evidence).toHaveLength(6);
  });

  it('are low for few, and weigh more the more there are', async () => {
    const [few] = await findingsOf(analytic, [...habits(), ...spread(['20', '21', '22'])]);
    const many = Array.from({ length: 16 }, (_none, index) => String(30 + index));
    const [more] = await findingsOf(analytic, [...habits(), ...spread(many)]);
    expect([few?.severity, more?.severity]).toEqual(['low', 'medium']);
  });

  it('are told by a service made on one machine, which no share alone does', async () => {
    const act = (log_name: string, fields: object): VakthundEvent =>
      event('log', {
        time: dayStart + (2 * day + 601) * minute,
        log_name,
        source_ip: '10.0.0.5',
        destination_ip: '10.0.1.20',
        fields: JSON.stringify(fields),
      });
    const share = act('smb_mapping', { path: String.raw`\\PC20\ADMIN$` });
    const service = act('dce_rpc', { endpoint: 'svcctl', operation: 'CreateServiceW' });
    const move = [...habits(), ...spread(['20'], 445)];
    expect(await findingsOf(analytic, [...move, share])).toEqual([]);
    const [finding] = await findingsOf(analytic, [...move, share, service]);
    expect(finding).toMatchObject({
      title: '10.0.0.5 goes to 10.0.1.20 where it never went before',
      severity: 'medium',
      attack: ['T1021.002', 'T1569.002'],
    });
    expect(finding?.reasons.map(({ what }) => what)).toContain('opens shares of administrators');
  });

  it('are told by log-ins of Windows over the network, with the privileges that they had', async () => {
    const logIn = (at: number, host: string, type: string, user = 'CORP\\eva'): VakthundEvent[] => {
      const shared = { time: dayStart + at * minute, host_name: host, session_id: `0x${host}`, evidence_at: at };
      return [
        event('user_session', {
          ...shared,
          event_action: 'login',
          event_outcome: 'success',
          source_ip: '10.0.0.5',
          target_user_name: user,
          fields: JSON.stringify({ LogonType: type }),
        }),
        event('user_session', { ...shared, event_action: 'privileges-assigned', event_outcome: 'success' }),
      ];
    };
    const old = logIn(1, 'ws1', '3');
    const hosts = ['ws2', 'ws3', 'ws4', 'ws5'];
    const moves = (type: string, user?: string) =>
      hosts.flatMap((host, index) => logIn(2 * day + index, host, type, user));
    const [finding] = await findingsOf(analytic, [...old, ...moves('10')]);
    expect(finding).toMatchObject({
      title: '10.0.0.5 goes to 4 machines where it never went before',
      severity: 'medium',
    });
    expect(finding?.attack).toEqual(['T1021', 'T1078']);
    expect(await findingsOf(analytic, [...old, ...moves('2')])).toEqual([]);
    expect(await findingsOf(analytic, [...old, ...moves('3', 'CORP\\WS5$')])).toEqual([]);
  });

  it.each<[what: string, events: VakthundEvent[]]>([
    ['a jump host that goes to one more', [...habits(), go(2 * day + 900, '2', '24')]],
    [
      'a jump host that goes to some more',
      [...habits(), ...['24', '25', '26'].map((target) => go(2 * day + 900, '2', target))],
    ],
    [
      'the first day',
      spread(['20', '21', '22', '23']).map((flow) => ({ ...flow, time: flow.time - 2 * day * minute })),
    ],
    [
      'refused connections',
      [...habits(), ...spread(['20', '21', '22', '23'], 22, { conn_state: 'REJ', destination_payload_bytes: 0 })],
    ],
    [
      'open ports that say nothing',
      [...habits(), ...spread(['20', '21', '22', '23'], 22, { source_payload_bytes: 0 })],
    ],
    ['other services', [...habits(), ...spread(['20', '21', '22', '23'], 443)]],
    ['two machines', [...habits(), ...spread(['20', '21'])]],
    [
      'machines outside',
      [
        ...habits(),
        ...['1', '2', '3', '4'].map((last) => go(2 * day, '5', '1', 22, { destination_ip: `203.0.113.${last}` })),
      ],
    ],
    [
      'a new machine that uses what all use',
      [
        ...habits(),
        ...['248', '249', '250'].flatMap((target) =>
          ['3', '4', '6', '7', '8', '9'].map((source) => go(day + 99, source, target, 445)),
        ),
        ...spread(['248', '249', '250'], 445),
      ],
    ],
    [
      'slow first visits over weeks',
      [...habits(), ...['20', '21', '22', '23'].map((target, index) => go((3 + 2 * index) * day, '5', target))],
    ],
  ])('are not told for %s', async (_what, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });
});
