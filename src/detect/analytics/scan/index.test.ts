import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf, VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';

const second = 1_000_000;

function flows(count: number, fields: (index: number) => Partial<EventOf<'flow'>>): VakthundEvent[] {
  return Array.from({ length: count }, (_none, index) =>
    event('flow', {
      source_ip: '10.0.0.5',
      network_transport: 'tcp',
      time: dayStart + index * second,
      evidence_at: index + 1,
      ...fields(index),
    }),
  );
}

const dead = { conn_state: 'S0', destination_packets: 0 };

describe('scans', () => {
  it('tells a horizontal scan of a machine of ours, with breadth and time', async () => {
    const [finding, ...others] = await findingsOf(
      analytic,
      flows(40, (index) => ({ destination_ip: `10.0.1.${index}`, destination_port: 445, ...dead })),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      title: 'horizontal scan of port 445/tcp by 10.0.0.5',
      count: 40,
      attack: ['T1046'],
    });
    expect(finding?.severity).toBe('low');
    expect(finding?.reasons[0]).toMatchObject({ what: 'machines that did not answer', value: '40' });
  });

  it('says when there are more scans than are told', async () => {
    const told: string[] = [];
    const events = flows(1505, (index) => ({
      source_ip: `10.2.${Math.floor(index / 5 / 200)}.${(Math.floor(index / 5) % 200) + 1}`,
      destination_ip: `10.0.1.${index % 5}`,
      destination_port: 445,
      ...dead,
    }));
    expect(await findingsOf(analytic, events, {}, [], (why) => told.push(why))).toHaveLength(300);
    expect(told).toEqual(['more than 300 horizontal scans: those of the most targets are told']);
  });

  it('tells a vertical scan, also by refusals and by packets alone', async () => {
    for (const failed of [dead, { conn_state: 'REJ', destination_packets: 1 }, { destination_packets: 0 }]) {
      const findings = await findingsOf(
        analytic,
        flows(60, (index) => ({ destination_ip: '10.0.1.9', destination_port: index + 1, ...failed })),
      );
      expect(findings.map((finding) => finding.title)).toEqual(['vertical scan of 10.0.1.9 by 10.0.0.5']);
    }
  });

  it('tells a vertical scan that tried each refused port again, by the flags', async () => {
    const refused = (tcp_flags: string): VakthundEvent[] =>
      flows(60, (index) => ({
        destination_ip: '10.0.1.9',
        destination_port: index + 1,
        conn_state: 'closed',
        source_packets: 2,
        destination_packets: 2,
        tcp_flags,
      }));
    expect((await findingsOf(analytic, refused('16'))).map((finding) => finding.title)).toEqual([
      'vertical scan of 10.0.1.9 by 10.0.0.5',
    ]);
    expect(await findingsOf(analytic, refused('1e'))).toEqual([]);
    expect(await findingsOf(analytic, refused('17'))).toEqual([]);
  });

  it('tells ICMP, ARP and DHCP sweeps', async () => {
    const icmp = flows(20, (index) => ({
      destination_ip: `10.0.1.${index}`,
      network_transport: 'icmp',
      source_port: 8,
      destination_port: 0,
    }));
    const arp = Array.from({ length: 20 }, (_none, index) =>
      event('device', {
        device_ip: '10.0.0.9',
        device_mac: 'b8:27:eb:00:00:01',
        arp_operation: 'request',
        arp_target_ip: `10.0.1.${index}`,
      }),
    );
    const dhcp = Array.from({ length: 8 }, (_none, index) =>
      event('dhcp', {
        client_mac: 'b8:27:eb:00:00:02',
        client_ip: '10.0.0.30',
        dhcp_requested_ip: `10.0.0.${100 + index}`,
      }),
    );
    const findings = await findingsOf(analytic, [...icmp, ...arp, ...dhcp]);
    expect(findings.map((finding) => finding.title)).toEqual([
      'ICMP scan by 10.0.0.5',
      'ARP scan by 10.0.0.9',
      'DHCP scan by 10.0.0.30',
    ]);
    expect(findings[2]?.entities).toContainEqual({ kind: 'device', value: 'b8:27:eb:00:00:02' });
  });

  it('takes a scan from outside as the weather', async () => {
    const [finding] = await findingsOf(
      analytic,
      flows(300, (index) => ({
        source_ip: '203.0.113.9',
        destination_ip: '10.0.0.5',
        destination_port: index,
        ...dead,
      })),
    );
    expect(finding).toMatchObject({ severity: 'info', attack: ['T1595.001'] });
  });

  it.each([
    [
      'browsing',
      flows(200, (index) => ({
        destination_ip: `198.51.100.${index}`,
        destination_port: 443,
        conn_state: 'SF',
        destination_packets: 9,
      })),
    ],
    [
      'browsing with a few dead servers',
      flows(200, (index) => ({
        destination_ip: `198.51.100.${index}`,
        destination_port: 443,
        ...(index % 25 === 0 ? dead : { conn_state: 'SF', destination_packets: 9 }),
      })),
    ],
    [
      'a monitoring server',
      flows(200, (index) => ({
        destination_ip: `10.0.1.${index % 50}`,
        destination_port: 161,
        network_transport: 'udp',
        conn_state: 'SF',
        destination_packets: 1,
      })),
    ],
    ['multicast', flows(200, (index) => ({ destination_ip: '239.255.255.250', destination_port: index, ...dead }))],
    ['retries to one dead server', flows(200, () => ({ destination_ip: '10.0.1.9', destination_port: 445, ...dead }))],
  ])('says nothing about %s', async (_what, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });
});
