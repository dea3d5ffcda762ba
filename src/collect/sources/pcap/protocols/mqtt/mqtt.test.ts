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
const packetId = (first: number, id: number, ...more: readonly Uint8Array[]): Buffer =>
  packet(first, Buffer.from([0, id]), ...more);
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
    ['mqtt_subscribe', { action: 'MQTT::SUBSCRIBE', topics: ['home/#'], qos_levels: [1], ack: false }],
    [
      'mqtt_publish',
      {
        from_client: true,
        retain: true,
        qos: 'at least once',
        topic: 'home/door',
        payload: 'open',
        payload_len: 4,
        status: 'incomplete_qos',
      },
    ],
  ]);
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('tells which messages and subscriptions the other side acknowledged', () => {
  const twice = packet(0x34, text('t'), Buffer.from([0, 9]), Buffer.from('x'));
  const forth = [
    hello,
    subscribe,
    publish,
    twice,
    packetId(0x62, 9),
    packetId(0x62, 2),
    packetId(0xa2, 3, text('home/#')),
  ];
  const back = [
    accepted,
    packetId(0x90, 1, Buffer.from([1])),
    packetId(0x40, 2),
    packetId(0x50, 9),
    packetId(0x70, 9),
    packetId(0xb0, 3),
  ];
  const [first = hello, second = hello, third = hello, fourth = hello, release = hello, stray = hello, leave = hello] =
    forth;
  const steps = inTurn(
    first,
    back[0] ?? accepted,
    Buffer.concat([second, third]),
    Buffer.concat(back.slice(1, 3)),
    Buffer.concat([fourth, stray]),
    back[3] ?? accepted,
    release,
    back[4] ?? accepted,
    leave,
    back[5] ?? accepted,
  );
  const { events } = runConnection(analyzer, steps, facts);
  expect(events.map((event) => [event['time'], JSON.parse(String(event['fields']))])).toMatchObject([
    [expect.anything(), { connect_status: 'Connection Accepted' }],
    [expect.anything(), { action: 'MQTT::SUBSCRIBE', granted_qos_level: 1, ack: true }],
    [expect.anything(), { qos: 'at least once', topic: 'home/door', status: 'ok' }],
    [expect.anything(), { qos: 'exactly once', topic: 't', payload: 'x', status: 'ok' }],
    [expect.anything(), { action: 'MQTT::UNSUBSCRIBE', topics: ['home/#'], ack: true }],
  ]);
});

test('holds a bounded number of messages that nobody acknowledges', () => {
  const flood = Array.from({ length: 600 }, (_none, id) =>
    packet(0x32, text('t'), Buffer.from([id >> 8, id & 255]), Buffer.from('x')),
  );
  const { events } = runConnection(analyzer, inTurn(hello, accepted, Buffer.concat(flood)), facts);
  expect(events).toHaveLength(601);
  expect(JSON.parse(String(events.at(-1)?.['fields']))).toMatchObject({ status: 'incomplete_qos' });
});

test('keeps the begin of a payload and of a last will', () => {
  const will = packet(0x10, text('MQTT'), Buffer.from([4, 0x04, 0, 60]), text('c'), text('w/t'), text('gone'));
  const long = packet(0x30, text('t'), Buffer.alloc(120, 'y'));
  const { events } = runConnection(analyzer, inTurn(will, accepted, long), facts);
  expect(events.map((event) => JSON.parse(String(event['fields'])) as unknown)).toMatchObject([
    { will_topic: 'w/t', will_payload: 'gone' },
    { payload: 'y'.repeat(100), payload_len: 120 },
  ]);
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
