import { expect, test } from 'vitest';
import { ethernet, pcap, tcp, type Segment } from '../../../../../tests/support/packets.ts';
import type { ProtocolAnalyzer } from '../analyzer.ts';
import { CaptureDecoder } from '../capture-decoder.ts';
import { analyzer as dns } from '../protocols/dns/index.ts';
import { analyzer as ldap } from '../protocols/ldap/index.ts';
import { analyzer as mqtt } from '../protocols/mqtt/index.ts';
import { analyzer as redis } from '../protocols/redis/index.ts';

const client = '10.0.0.1:40000';
const bind = '\x30\x14\x02\x01\x01\x60\x0f\x02\x01\x03\x04\x06cn=ann\x80\x02ab';
const bindResult = '\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00';
const connect = '\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04ann1';
const query = '\x00\x18\x00\x07\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x04test\x00\x00\x01\x00\x01';

/** A connection of which a hundred bytes of the client are missing: the server acknowledged them. */
function withGap(port: number, request: string, answer: string, after: string): Uint8Array {
  const server = `10.0.0.2:${port}`;
  const up = (step: Omit<Segment, 'from' | 'to'>): Buffer => tcp({ from: client, to: server, ...step });
  const down = (step: Omit<Segment, 'from' | 'to'>): Buffer => tcp({ from: server, to: client, ...step });
  const asked = 101 + request.length;
  const told = 501 + answer.length;
  const resumed = asked + 100;
  const ended = resumed + after.length;
  const packets = [
    up({ flags: 'S', seq: 100 }),
    down({ flags: 'SA', seq: 500, ack: 101 }),
    up({ flags: 'A', seq: 101, ack: 501 }),
    up({ flags: 'PA', seq: 101, ack: 501, data: Buffer.from(request, 'latin1') }),
    ...(answer === '' ? [] : [down({ flags: 'PA', seq: 501, ack: asked, data: Buffer.from(answer, 'latin1') })]),
    up({ flags: 'PA', seq: resumed, ack: told, data: Buffer.from(after, 'latin1') }),
    down({ flags: 'A', seq: told, ack: ended }),
    up({ flags: 'FA', seq: ended, ack: told }),
    down({ flags: 'FA', seq: told, ack: ended + 1 }),
    up({ flags: 'A', seq: ended + 1, ack: told + 1 }),
  ];
  return pcap(packets.map((packet, index) => ({ at: 1_700_000_000 + index / 1000, bytes: ethernet(packet) })));
}

test.each<[string, number, ProtocolAnalyzer, string, string, unknown]>([
  ['ldap_tcp', 389, ldap, bind, bindResult, { log_name: 'ldap', user_name: 'cn=ann' }],
  ['ldap_tcp', 8389, ldap, bind, bindResult, { log_name: 'ldap', user_name: 'cn=ann' }],
  ['mqtt', 1883, mqtt, connect, '\x20\x02\x00\x00', { log_name: 'mqtt_connect' }],
  ['dns', 53, dns, query, '', { dns_question_name: 'a.test' }],
  ['redis', 6379, redis, '*2\r\n$3\r\nGET\r\n$1\r\nk\r\n', '$1\r\nv\r\n', { log_name: 'redis' }],
])('missing bytes take nothing back from %s at port %i', (service, port, analyzer, request, answer, record) => {
  const decoder = new CaptureDecoder({ protocols: [analyzer], checksums: 'drop' });
  decoder.push(withGap(port, request, answer, 'rest of something'));
  decoder.finish();
  const events = decoder.takeEvents();
  expect(events.find(({ kind }) => kind === 'flow')).toMatchObject({ network_protocol: service, missed_bytes: 100 });
  expect(events.filter(({ kind }) => kind !== 'flow')).toEqual([expect.objectContaining(record)]);
  const message = 'bytes of a connection are missing; what its protocol said after them was not read';
  expect(decoder.takeProblems(true)).toEqual([expect.objectContaining({ code: 'partly-seen', message })]);
});
