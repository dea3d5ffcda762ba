import { expect, test } from 'vitest';
import { inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const message = (code: number, id: number, ...attributes: readonly (readonly [number, string])[]): Buffer => {
  const body = Buffer.concat(
    attributes.map(([type, value]) => Buffer.from(`${String.fromCharCode(type, value.length + 2)}${value}`, 'latin1')),
  );
  const header = Buffer.alloc(20);
  header.set([code, id]);
  header.writeUInt16BE(20 + body.length, 2);
  return Buffer.concat([header, body]);
};
const ask = message(1, 7, [1, 'ann'], [2, 'hidden password!'], [31, '00-11-22-33-44-55']);
const facts = { transport: 'udp', destinationPort: 1812 } as const;

test('tells each log-in with its answer, and those without one', () => {
  const accept = message(2, 7, [8, '\x0a\x01\x02\x03'], [18, 'welcome']);
  const turns = [ask, accept, ask, message(3, 7), message(1, 9, [1, 'bob'])];
  const { events, services } = runConnection(analyzer, inTurn(...turns), facts);
  expect(services).toEqual(['default']);
  const known = { username: 'ann', mac: '00:11:22:33:44:55' };
  expect(events.map((event) => JSON.parse(String(event['fields'])) as unknown)).toEqual([
    { ...known, result: 'success', framed_addr: '10.1.2.3', reply_msg: 'welcome', ttl: 1 },
    { ...known, result: 'failed', ttl: 1 },
    { username: 'bob', result: 'unknown' },
  ]);
  expect(events.map(({ user_name, evidence_at }) => [user_name, evidence_at])).toEqual([
    ['ann', 1],
    ['ann', 3],
    ['bob', 5],
  ]);
  expect(JSON.stringify(events)).not.toContain('password');
});

test('is told by content at any port', () => {
  const first = { transport: 'udp', resp: new Uint8Array(0), origPort: 1, respPort: 9 } as const;
  expect(analyzer.recognize?.({ ...first, orig: ask })).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: ask.subarray(0, 30) })).toBe('no');
  expect(runConnection(analyzer, inTurn('hello'), facts).violations).toEqual(['no RADIUS message']);
});
