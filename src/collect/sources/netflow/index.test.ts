import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const read = (name: string): Buffer => readFileSync(new URL(`testdata/${name}`, import.meta.url));
const lines = read('flows.json').toString('utf8').split('\n');

describe('netflow, detect', () => {
  it.each([
    ['CSV of nfdump', read('nfdump.csv')],
    ['JSON of nfdump', read('nfdump.json')],
    ['goflow2', lines[0] ?? ''],
    ['pmacct', lines[1] ?? ''],
    ['ipfixcol2', lines[2] ?? ''],
    ['YAF', lines[3] ?? ''],
  ])('knows %s', (_what, content) => {
    expect(source.detect('x', Buffer.from(content))).toBe('certain');
  });

  it.each(['', 'ts,a,b\n', '{"bytes":1,"packets":2}', '{"flows":[]}'])('does not know %j', (content) => {
    expect(source.detect('flows.csv', Buffer.from(content))).toBeUndefined();
  });
});

describe('netflow, decode', () => {
  it.each(['nfdump.csv', 'nfdump.json'])('reads both directions in %s', async (name) => {
    const { events, problems } = await decodeContent(source, read(name));
    expect(problems).toEqual([]);
    const ends = {
      source_ip: '192.168.2.225',
      source_port: 45_290,
      destination_ip: '192.168.2.134',
      destination_port: 53,
    };
    expect(events).toMatchObject([
      { ...ends, network_transport: 'udp', source_bytes: 149, source_packets: 1, destination_bytes: null },
      { ...ends, source_bytes: null, destination_bytes: 165, destination_packets: 1 },
      { network_transport: 'icmp', source_port: 135, destination_port: 0, destination_ip: 'ff02::1:ff6a:111' },
    ]);
    expect(Math.floor((events[0]?.time ?? 0) / 1e6)).toBe((parseIsoMicros('2023-09-08T15:11:52Z') ?? 0) / 1e6);
  });

  it('reads other JSON', async () => {
    const { events, problems } = await decodeContent(source, read('flows.json'));
    expect(problems).toEqual([]);
    expect(contentOf(events[0])).toEqual({
      kind: 'flow',
      time: parseIsoMicros('2026-03-01T09:59:59Z'),
      event_dataset: 'netflow.goflow2',
      sensor: '192.0.2.1',
      evidence_id: 0,
      evidence_at: 1,
      event_duration: 500_000,
      source_ip: '10.0.0.5',
      source_port: 44_312,
      destination_ip: '198.51.100.7',
      destination_port: 443,
      network_transport: 'tcp',
      source_bytes: 300,
      source_packets: 3,
      tcp_flags: '27',
      fields: {
        type: 'IPFIX',
        time_received_ns: '1772359200000000000',
        sequence_num: 1,
        sampling_rate: 0,
        etype: 'IPv4',
      },
    });
    expect(events.slice(1)).toMatchObject([
      { source_ip: '10.0.0.5', destination_port: 443, source_bytes: null, destination_bytes: 900, event_duration: 1e6 },
      { event_dataset: 'netflow.ipfix', source_bytes: 1452, event_duration: 1e6, tcp_flags: '.AP...' },
      { source_port: 5000, source_bytes: 60, destination_bytes: 200, network_iana_number: 17, end_reason: 'idle' },
    ]);
  });

  it('reads JSON of older nfdump', async () => {
    const record = {
      type: 'FLOW',
      t_first: '2026-03-01T10:00:00.123',
      t_last: '2026-03-01T10:00:01.623',
      proto: 6,
      src4_addr: '10.0.0.1',
      dst4_addr: '203.0.113.9',
      src_port: 50_000,
      dst_port: 443,
      in_packets: 10,
      in_bytes: 1000,
    };
    const text = `[\n${JSON.stringify(record)},\n${JSON.stringify({ ...record, dst_port: 80 })}\n]\n`;
    expect(source.detect('x', Buffer.from(text))).toBe('certain');
    const { events } = await decodeContent(source, text);
    expect(events).toMatchObject([
      { time: parseIsoMicros('2026-03-01T10:00:00.123Z'), event_duration: 1_500_000, destination_port: 443 },
      { source_ip: '10.0.0.1', destination_port: 80 },
    ]);
  });

  it('reports what is no flow, and reads on', async () => {
    const [header = '', first = ''] = read('nfdump.csv').toString('utf8').split('\n');
    const csv = await decodeContent(
      source,
      `${header}\nx,y\n${first}\n${first},1,2\n${first.replace('UDP', '__proto__')}\n`,
    );
    expect(csv.events).toMatchObject([{ network_transport: 'udp' }, { network_transport: '__proto__' }]);
    expect(placesOf(csv.problems)).toEqual([
      ['bad-record', 2],
      ['bad-record', 4],
    ]);
    const json = await decodeContent(source, `{"a":1}\n${lines[0]}\n{"flows":{`);
    expect(json.events).toHaveLength(1);
    expect(placesOf(json.problems)).toEqual([
      ['bad-record', 1],
      ['truncated', 3],
    ]);
  });
});
