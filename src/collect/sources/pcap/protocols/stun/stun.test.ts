import { expect, test } from 'vitest';
import { inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const message = (type: number, attributes: string): Buffer => {
  const body = Buffer.from(attributes, 'hex');
  const header = Buffer.alloc(20);
  header.writeUInt16BE(type);
  header.writeUInt16BE(body.length, 2);
  header.writeUInt32BE(0x2112_a442, 4);
  return Buffer.concat([header, body]);
};
const request = message(0x0001, `80220003${Buffer.from('abc').toString('hex')}00`);
const answer = message(0x0101, '002000080001a147e112a643');
const facts = { transport: 'udp', destinationPort: 3478 } as const;

test('tells each kind of message once, with the address seen from outside', () => {
  const { events, services, violations } = runConnection(
    analyzer,
    inTurn(request, answer, request, answer, 'media'),
    facts,
  );
  expect([services, violations]).toEqual([['default'], []]);
  expect(events.map((event) => JSON.parse(String(event['fields'])) as unknown)).toEqual([
    { from_client: true, method: 'Binding', class: 'request', software: 'abc' },
    { from_client: false, method: 'Binding', class: 'success', mapped_address: '192.0.2.1:32853' },
  ]);
});

test('is told by its cookie at any port', () => {
  const first = { transport: 'udp', resp: new Uint8Array(0), origPort: 1, respPort: 9 } as const;
  expect(analyzer.recognize?.({ ...first, orig: request })).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: request.subarray(0, 18) })).toBe('no');
  expect(analyzer.recognize?.({ ...first, orig: message(0xc001, '') })).toBe('no');
});
