import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const sample = readFileSync(new URL('testdata/sessions.json', import.meta.url));
const lines = sample.toString('utf8').split('\n');

describe('arkime', () => {
  it.each([0, 1, 2])('knows the form of line %d', (index) => {
    expect(source.detect('x', Buffer.from(lines[index] ?? ''))).toBe('certain');
  });

  it.each(['', '{"firstPacket":1}', '{"data":[{"firstPacket":1}]}', '{"sessions3":[]}'])(
    'does not know %j',
    (content) => {
      expect(source.detect('sessions.json', Buffer.from(content))).toBeUndefined();
    },
  );

  it('reads sessions as flows, and handshakes of TLS', async () => {
    const { events, problems } = await decodeContent(source, sample);
    expect(events).toMatchObject([
      {
        kind: 'flow',
        time: parseIsoMicros('2026-03-01T10:00:00.482Z'),
        event_duration: 126_000,
        sensor: 'test',
        source_ip: '10.0.0.5',
        destination_port: 443,
        network_transport: 'tcp',
        network_protocol: 'tcp,tls',
        source_bytes: 487,
        source_payload_bytes: 145,
        destination_packets: 3,
        destination_mac: '00:00:0c:07:ac:01',
      },
      {
        kind: 'tls',
        tls_client_server_name: 'c2.example',
        tls_client_ja3: 'aa',
        tls_server_subject: 'c2.example',
        tls_server_hash_sha1: 'aabb',
        fields: null,
      },
      {
        kind: 'flow',
        uid: '260301-x',
        network_transport: 'udp',
        fields: '{"dns":{"host":["a.example"]}}',
        evidence_at: 2,
      },
      { kind: 'flow', uid: null, evidence_at: 3 },
    ]);
    expect(JSON.parse(String(events[0]?.fields))).toMatchObject({
      destination: { mac: ['00:00:0C:07:ac:01', '00:d0:2b:d1:76:00'] },
      tls: { ja3: ['aa'] },
    });
    expect(placesOf(problems)).toEqual([['bad-record', 3]]);
  });
});
