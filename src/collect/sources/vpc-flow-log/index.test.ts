import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const read = (name: string): Buffer => readFileSync(new URL(`testdata/${name}`, import.meta.url));
const time = parseIsoMicros('2026-03-01T10:00:00Z');

describe('vpc-flow-log, detect', () => {
  it.each(['default.log', 'version5.log', 'cloudwatch.log'])('knows %s', (name) => {
    expect(source.detect('x', read(name))).toBe('certain');
  });

  it.each([
    '',
    'version srcaddr dstaddr\n',
    'srcaddr,dstaddr,start\n',
    '2 some words of which there are fourteen in all in one line yes OK\n',
    '2026-03-01T10:00:00Z stdout F 2\n',
  ])('does not know %j', (content) => {
    expect(source.detect('vpcflowlogs.log', Buffer.from(content))).toBeUndefined();
  });
});

describe('vpc-flow-log, decode', () => {
  it('reads the default fields: both directions, what was rejected, what was skipped', async () => {
    const { events, problems } = await decodeContent(source, read('default.log'));
    expect(contentOf(events[0])).toEqual({
      kind: 'flow',
      time,
      event_dataset: 'vpc-flow-log',
      sensor: 'eni-1235b8ca123456789',
      evidence_id: 0,
      evidence_at: 2,
      event_duration: 60_000_000,
      source_ip: '172.31.16.139',
      source_port: 20_641,
      destination_ip: '203.0.113.21',
      destination_port: 443,
      network_transport: 'tcp',
      network_iana_number: 6,
      source_packets: 20,
      source_bytes: 4249,
      fields: { 'account-id': '123456789010', action: 'ACCEPT' },
    });
    expect(events.slice(1)).toMatchObject([
      { source_ip: '172.31.16.139', destination_port: 443, source_bytes: null, destination_bytes: 9000 },
      { source_ip: '198.51.100.9', destination_port: 3389, conn_state: 'S0', end_reason: 'rejected' },
      { network_transport: 'icmp', source_port: 8, destination_port: 0, conn_state: null },
    ]);
    expect(problems).toMatchObject([{ code: 'events-lost', at: { line: 6 } }]);
  });

  it('turns by TCP flags, and takes the addresses of the packets', async () => {
    const { events, problems } = await decodeContent(source, read('version5.log'));
    expect(problems).toEqual([]);
    const ends = { source_ip: '10.0.1.5', destination_ip: '203.0.113.5', destination_port: 4444 };
    expect(events).toMatchObject([
      { ...ends, source_bytes: 568, destination_bytes: null, tcp_flags: '03' },
      { ...ends, source_bytes: null, destination_bytes: 7020, destination_packets: 9, tcp_flags: '13' },
      { source_ip: '2001:db8:1234::1', conn_state: 'S0', tcp_flags: '00' },
    ]);
    expect(contentOf(events[0])['fields']).toMatchObject({
      dstaddr: '10.0.0.220',
      'instance-id': 'i-01234567890123456',
    });
    expect(contentOf(events[2])['fields']).toMatchObject({ 'reject-reason': 'BPA', 'pkt-dst-aws-service': 'S3' });
  });

  it('reads exports without a header, with a time before each line', async () => {
    const { events, problems } = await decodeContent(source, read('cloudwatch.log'));
    expect(problems).toEqual([]);
    expect(events).toMatchObject([
      { time, source_bytes: 4249, destination_port: 22 },
      { time, destination_bytes: 4249, destination_port: 22 },
    ]);
  });

  it('reports what is no record, and goes on under another header', async () => {
    const [header = '', first = ''] = read('default.log').toString('utf8').split('\n');
    const lines = [
      first,
      `${first} more`,
      first.replace('20641', 'port'),
      'srcaddr dstaddr end',
      '10.0.0.1 10.0.0.2 1772359260',
      header,
      first,
    ];
    const { events, problems } = await decodeContent(source, `${lines.join('\r\n')}\r\n`);
    expect(events.map(({ evidence_at: at }) => at)).toEqual([1, 3, 5, 7]);
    expect(events[2]).toMatchObject({ source_ip: '10.0.0.1', time: parseIsoMicros('2026-03-01T10:01:00Z') });
    expect(placesOf(problems)).toEqual([
      ['bad-record', 2],
      ['bad-value', 3],
    ]);
  });
});
