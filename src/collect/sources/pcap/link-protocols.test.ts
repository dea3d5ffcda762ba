import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runFrame } from '../../../../tests/support/pcap-connection.ts';
import { analyzer as arp } from './protocols/arp/index.ts';
import { analyzer as cdp } from './protocols/cdp/index.ts';
import { analyzer as lldp } from './protocols/lldp/index.ts';

const word = (value: number): number[] => [value >> 8, value & 255];
const text = (value: string): number[] => [...Buffer.from(value)];

describe('ARP', () => {
  const reply = [0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 2, 0, 0, 0, 0, 2, 10, 0, 0, 2];

  test('shows who has which address', () => {
    expect(runFrame(arp, reply).events).toEqual([
      expect.objectContaining({
        kind: 'device',
        device_ip: '10.0.0.1',
        device_mac: '02:00:00:00:00:01',
        arp_operation: 'reply',
        arp_target_ip: '10.0.0.2',
        arp_target_mac: '02:00:00:00:00:02',
      }),
    ]);
  });

  test('a cut one is a problem, other operations are nothing', () => {
    expect(runFrame(arp, reply.slice(0, 20))).toMatchObject({
      events: [],
      problems: ['bad-record: an ARP packet is cut'],
    });
    expect(runFrame(arp, [...reply.slice(0, 7), 9, ...reply.slice(8)])).toMatchObject({ events: [], problems: [] });
  });
});

describe('LLDP', () => {
  const piece = (type: number, value: readonly number[]): number[] => [...word((type << 9) | value.length), ...value];
  const frame = [
    ...piece(1, [4, 2, 0, 0, 0, 0, 9]),
    ...piece(2, [5, ...text('eth0')]),
    ...piece(3, word(120)),
    ...piece(5, text('switch-1')),
    ...piece(6, text('Linux 6')),
    ...piece(7, [...word(0x14), ...word(0x14)]),
    ...piece(8, [5, 1, 192, 0, 2, 5, 2, 0, 0, 0, 1, 0]),
    ...piece(0, []),
  ];

  test('shows what a device says about itself', () => {
    const { events } = runFrame(lldp, frame);
    expect(events[0]).toMatchObject({
      device_ip: '192.0.2.5',
      device_mac: '02:00:00:00:00:99',
      device_service: 'lldp',
      device_software: 'Linux 6',
    });
    expect(JSON.parse(String(events[0]?.['fields']))).toEqual({
      chassis: '02:00:00:00:00:09',
      port: 'eth0',
      ttl: 120,
      system_name: 'switch-1',
      system_description: 'Linux 6',
      capabilities: ['bridge', 'router'],
      management_address: '192.0.2.5',
    });
  });

  test('has the first of several management addresses, not the one of its link that follows', () => {
    const ofLink = [17, 2, 0xfe, 0x80, ...Array<number>(13).fill(0), 9, 2, 0, 0, 0, 1, 0];
    const { events } = runFrame(lldp, [...frame.slice(0, -2), ...piece(8, ofLink), ...piece(0, [])]);
    expect(events[0]).toMatchObject({ device_ip: '192.0.2.5' });
  });

  test('a cut frame is a problem, and what came before is told', () => {
    const { events, problems } = runFrame(lldp, frame.slice(0, 14));
    expect(problems).toEqual(['bad-record: an LLDP frame is cut']);
    expect(JSON.parse(String(events[0]?.['fields']))).toEqual({ chassis: '02:00:00:00:00:09' });
  });
});

test('CDP shows what a device says about itself', () => {
  const piece = (type: number, value: readonly number[]): number[] => [
    ...word(type),
    ...word(value.length + 4),
    ...value,
  ];
  const frame = [
    2,
    180,
    0,
    0,
    ...piece(1, text('sw1.test')),
    ...piece(2, [0, 0, 0, 1, 1, 1, 0xcc, 0, 4, 192, 0, 2, 6]),
    ...piece(4, [0, 0, 0, 0x29]),
    ...piece(5, text('IOS 15')),
    ...piece(6, text('WS-C2960')),
    ...piece(10, word(99)),
  ];
  const { events } = runFrame(cdp, frame);
  expect(events[0]).toMatchObject({ device_ip: '192.0.2.6', device_service: 'cdp', device_software: 'IOS 15' });
  expect(JSON.parse(String(events[0]?.['fields']))).toMatchObject({
    device_id: 'sw1.test',
    platform: 'WS-C2960',
    capabilities: ['router', 'switch', 'igmp'],
    native_vlan: 99,
  });
});

test.each([
  ['arp', arp],
  ['lldp', lldp],
  ['cdp', cdp],
])('%s ends on any frame', (_name, analyzer) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(runFrame(analyzer, [...bytes]).events.length).toBeLessThan(2);
    }),
    { numRuns: 300 },
  );
});
