import { describe, expect, it } from 'vitest';
import { event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf } from '../../../events/event.ts';
import { analytic } from './index.ts';

const out = (fields: Partial<EventOf<'flow'>>) =>
  event('flow', {
    source_ip: '10.0.0.5',
    destination_ip: '203.0.113.9',
    destination_port: 443,
    network_transport: 'tcp',
    conn_state: 'SF',
    source_payload_bytes: 900,
    destination_payload_bytes: 100,
    destination_packets: 4,
    ...fields,
  });

describe('protocol and port', () => {
  it('tells a protocol where another belongs, more strongly when it is known', async () => {
    const findings = await findingsOf(analytic, [
      out({ network_protocol: 'ssh' }),
      out({ destination_ip: '203.0.113.10', network_protocol: null }),
    ]);
    expect(findings.map((finding) => [finding.title, finding.severity])).toEqual([
      ['no known protocol on port 443 to 203.0.113.10', 'low'],
      ['ssh on port 443 to 203.0.113.9', 'low'],
    ]);
    expect(findings[1]?.score).toBeGreaterThan(findings[0]?.score ?? 1);
  });

  it('tells an outside port that almost nobody uses, as info', async () => {
    const [finding] = await findingsOf(analytic, [out({ destination_port: 5888 }), out({ destination_port: 5888 })]);
    expect(finding).toMatchObject({
      title: 'connection to port 5888, hardly used here, in no known protocol',
      severity: 'info',
      count: 2,
    });
  });

  it('tells an outside UDP port when the same place is called again', async () => {
    const call = (destination_ip: string, source_port: number) =>
      out({
        network_transport: 'udp',
        destination_ip,
        destination_port: 8760,
        network_protocol: 'failed',
        source_port,
      });
    const again = [1, 2, 3].map((index) => call('203.0.113.9', index));
    expect(await findingsOf(analytic, again)).toMatchObject([
      { title: 'connection to port 8760/udp, hardly used here, in no known protocol', severity: 'info', count: 3 },
    ]);
    const swarm = [1, 2, 3].map((index) => call(`203.0.113.${index}`, index));
    expect(await findingsOf(analytic, swarm)).toEqual([]);
    for (const destination_packets of [0, null]) {
      const unanswered = again.map((flow) => ({ ...flow, destination_packets }));
      expect(await findingsOf(analytic, unanswered)).toEqual([]);
    }
  });

  it('tells a protocol that does not fit between two public addresses as info, after those of ours', async () => {
    const findings = await findingsOf(analytic, [
      out({ source_ip: '198.51.100.7', network_protocol: 'ssh' }),
      out({ source_ip: '198.51.100.7', destination_port: 5888 }),
      out({ network_protocol: 'ssh' }),
    ]);
    expect(findings.map((finding) => [finding.entities[0], finding.severity])).toEqual([
      [{ kind: 'host', value: '10.0.0.5' }, 'low'],
      [{ kind: 'address', value: '198.51.100.7' }, 'info'],
    ]);
  });

  it.each([
    ['QUIC or another datagram on 443', { network_transport: 'udp', network_protocol: null }],
    ['TLS on 443', { network_protocol: 'ssl' }],
    ['HTTP/2 over TLS', { network_protocol: 'ssl,http' }],
    ['a connection inside', { destination_ip: '10.0.0.9', network_protocol: 'ssh' }],
    ['one that was not taken up', { conn_state: 'S0', destination_packets: 0 }],
    ['flows of a cloud, which knows no protocols', { event_dataset: 'vpc-flow-log', network_protocol: null }],
    ['one without data', { source_payload_bytes: 0 }],
  ])('says nothing about %s', async (_what, fields) => {
    expect(await findingsOf(analytic, [out(fields)])).toEqual([]);
  });

  it('says nothing about a port that several machines use', async () => {
    const events = [1, 2, 3].map((index) => out({ source_ip: `10.0.0.${index}`, destination_port: 5222 }));
    expect(await findingsOf(analytic, events)).toEqual([]);
  });
});
