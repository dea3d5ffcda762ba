import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const text = (value: string): Buffer => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);
const packet = (first: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([first, body.length]), body]);
};
const hello = packet(0x10, text('MQTT'), Buffer.from([4, 0xc2, 0, 60]), text('sensor-7'), text('ann'), text('secret'));
const accepted = packet(0x20, Buffer.from([0, 0]));
const subscribe = packet(0x82, Buffer.from([0, 1]), text('home/#'), Buffer.from([1]));
const publish = packet(0x33, text('home/door'), Buffer.from([0, 2]), Buffer.from('open'));
const facts = { destinationPort: 1883 };

test.each([1, 7, 500])('tells clients, topics and sizes (pieces of %i bytes)', (size) => {
  const steps = cutSteps(inTurn(hello, accepted, Buffer.concat([subscribe, publish])), size);
  const { events, services } = runConnection(analyzer, steps, facts);
  expect(services).toEqual(['default']);
  expect(events.map((event) => [event['log_name'], JSON.parse(String(event['fields']))])).toEqual([
    [
      'mqtt_connect',
      {
        proto_name: 'MQTT',
        proto_version: '3.1.1',
        client_id: 'sensor-7',
        user: 'ann',
        connect_status: 'Connection Accepted',
      },
    ],
    ['mqtt_subscribe', { action: 'MQTT::SUBSCRIBE', topics: ['home/#'], qos_levels: [1] }],
    ['mqtt_publish', { from_client: true, retain: true, qos: 1, topic: 'home/door', payload_len: 4 }],
  ]);
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('a long payload is passed over, and its size told', () => {
  const long = Buffer.concat([Buffer.from([0x30, 0xc3, 0x82, 0x06]), text('t'), Buffer.alloc(98_624)]);
  const { events, violations } = runConnection(
    analyzer,
    cutSteps(inTurn(hello, accepted, Buffer.concat([long, publish])), 1400),
    facts,
  );
  expect(violations).toEqual([]);
  expect(events.map((event) => JSON.parse(String(event['fields'])).payload_len as unknown)).toEqual([
    undefined,
    98_624,
    4,
  ]);
});

test('is told by content at any port, and what is none is a violation', () => {
  const first = { transport: 'tcp', orig: hello, resp: new Uint8Array(0), origPort: 1, respPort: 9 } as const;
  expect(analyzer.recognize?.(first)).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: hello.subarray(0, 5) })).toBe('more');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('GET / HTTP/1.1\r\n') })).toBe('no');
  expect(runConnection(analyzer, inTurn(Buffer.from([0, 1, 2])), facts).violations).toEqual(['no MQTT packet']);
});
