import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf, VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';
import { watchedBefore, type Device } from './device.ts';
import { scoreDevice, surveyDevices } from './score.ts';

const second = 1_000_000;
const pi = 'b8:27:eb:4f:12:9a';

const arp = (at: number, mac: string, ip: string, target: string, fields: Partial<EventOf<'device'>> = {}) =>
  event('device', {
    time: dayStart + at * second,
    device_mac: mac,
    device_ip: ip,
    arp_operation: 'request',
    arp_target_ip: target,
    ...fields,
  });
const lease = (at: number, mac: string, ip: string, fields: Partial<EventOf<'dhcp'>>) =>
  event('dhcp', { time: dayStart + at * second, client_mac: mac, dhcp_assigned_ip: ip, ...fields });

/** Two workstations and a printer at work. */
const office: readonly VakthundEvent[] = [
  ['3c:52:82:6a:01:11', '10.90.5.21', 'ws-01'] as const,
  ['a4:bb:6d:90:22:33', '10.90.5.22', 'ws-02'] as const,
  ['00:80:77:9a:1b:2c', '10.90.5.30', 'printer'] as const,
].flatMap(([mac, ip, name], index) => [
  lease(index * 10, mac, ip, {
    dhcp_host_name: name,
    dhcp_vendor_class: 'MSFT 5.0',
    dhcp_parameters: ['1', '3', '6', '15'],
  }),
  ...[1, 2, 3].map((target) => arp(60 + index * 10 + target, mac, ip, `10.90.5.${target}`)),
]);
const board: readonly VakthundEvent[] = [
  lease(100, pi, '10.90.5.97', {
    dhcp_host_name: 'raspberrypi',
    dhcp_vendor_class: 'dhcpcd-9.4.1:Linux-5.15:BCM2711',
    dhcp_parameters: ['1', '121', '33', '3'],
  }),
  ...Array.from({ length: 21 }, (_none, index) => arp(110 + index, pi, '10.90.5.97', `10.90.5.${index + 1}`)),
];

describe('a device that does not belong', () => {
  it('is told by its hardware, its name, its DHCP client and its sweep', async () => {
    const [finding, ...more] = await findingsOf(analytic, [...office, ...board]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      title: `single-board computer of Raspberry Pi ${pi} (10.90.5.97) in the network`,
      severity: 'high',
      attack: ['T1200', 'T1018'],
      entities: [
        { kind: 'device', value: pi },
        { kind: 'host', value: '10.90.5.97' },
      ],
    });
    expect(finding?.reasons.map(({ what }) => what)).toEqual([
      'hardware',
      'calls itself',
      'DHCP client',
      'asked by ARP for',
    ]);
  });

  it('stays low when it was always there and only sits there', async () => {
    const [finding] = await findingsOf(analytic, [...office, ...board.slice(0, 1)]);
    expect(finding?.severity).toBe('low');
    const known = { known_devices: ['B8:27:EB'] };
    expect(await findingsOf(analytic, [...office, ...board], known)).toEqual([]);
  });

  it('weighs more the longer nobody saw it before, unless its address is made up for privacy', () => {
    const device: Device = {
      mac: pi,
      ips: [],
      names: [],
      fingerprints: [],
      asked: 0,
      first: 10,
      last: 20,
      count: 1,
      evidence: [],
    };
    const others = ['00:00:00:00:00:01', '00:00:00:00:00:02'].map((mac) => ({ ...device, mac }));
    const network = surveyDevices([device, ...others]);
    const score = (watched: number | undefined, mac = pi): number =>
      scoreDevice({ ...device, mac }, { ...network, watchedBefore: watched }).score;
    expect([undefined, second, 7 * 86_400 * second].map((watched) => score(watched))).toEqual([0.25, 0.4, 0.55]);
    expect(score(second, '3a:27:eb:4f:12:9a')).toBe(0);
    expect(watchedBefore(device, [{ first: 2, last: 9 }])).toBe(8);
    expect(watchedBefore(device, [{ first: 2, last: 12 }])).toBeUndefined();
  });

  it('is judged in a flood of made-up devices without comparing them in pairs', () => {
    const flood = Array.from({ length: 20_000 }, (_none, index): Device => {
      const mac = `02:00:00:00:${(index >> 8).toString(16).padStart(2, '0')}:${(index & 255).toString(16).padStart(2, '0')}`;
      return {
        mac,
        ips: [],
        names: [],
        fingerprints: [`[${index}]`],
        asked: 0,
        first: 1,
        last: 2,
        count: 1,
        evidence: [],
      };
    });
    const network = { ...surveyDevices(flood), watchedBefore: undefined };
    expect(network).toMatchObject({ devices: 20_000, clients: 20_000 });
    expect(flood.every((device) => scoreDevice(device, network).score === 0.1)).toBe(true);
  });

  it('is told when two devices answer for one address in turn, not when a lease is handed over', async () => {
    const gateway = '00:1e:49:5a:10:01';
    const claims = [gateway, pi, gateway, pi].map((mac, index) => arp(index * 20, mac, '10.90.5.1', '10.90.5.21'));
    const findings = await findingsOf(analytic, claims);
    expect(findings).toMatchObject([
      { title: `single-board computer of Raspberry Pi ${pi} (10.90.5.1) in the network` },
      { title: '2 devices claim 10.90.5.1 in turn', severity: 'medium', count: 3, attack: ['T1557.002'] },
    ]);
    expect(
      await findingsOf(analytic, [claims[0] as VakthundEvent, arp(20, '3c:52:82:6a:01:11', '10.90.5.1', '10.90.5.21')]),
    ).toEqual([]);
  });

  it('says nothing about an office at work', async () => {
    expect(await findingsOf(analytic, [...office])).toEqual([]);
  });
});
