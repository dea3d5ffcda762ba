import { describe, expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection, type Outcome } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const run = (size: number, ...parts: readonly (Uint8Array | string)[]): Outcome =>
  runConnection(analyzer, cutSteps(inTurn(...parts), size), { destinationPort: 1080 });
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
const fieldsOf = ({ events }: Outcome): unknown => JSON.parse(String(events[0]?.['fields']));

const granted5 = bytes(5, 0, 0, 1, 0, 0, 0, 0, 0, 0);
const named = Buffer.concat([bytes(5, 1, 0, 3, 6), Buffer.from('a.test'), bytes(1, 187)]);
const login = Buffer.concat([bytes(1, 3), Buffer.from('ann'), bytes(6), Buffer.from('secret')]);

describe.each([1, 3, 1000])('in pieces of %i bytes', (size) => {
  test('version 5 with a log-in', () => {
    const outcome = run(size, bytes(5, 2, 0, 2), bytes(5, 2), login, bytes(1, 0), named, granted5, 'inside', 'answer');
    expect(outcome.services).toEqual(['default']);
    expect(fieldsOf(outcome)).toEqual({
      version: 5,
      user: 'ann',
      status: 'succeeded',
      'request.name': 'a.test',
      request_p: 443,
      'bound.host': '0.0.0.0',
      bound_p: 0,
    });
    expect(outcome.inner[0]?.fed.join('').replaceAll(/client: |server: /g, '')).toBe('insideanswer');
    expect(JSON.stringify(outcome.events)).not.toContain('secret');
  });

  test('version 4a', () => {
    const request = Buffer.concat([bytes(4, 1, 0, 80, 0, 0, 0, 1), Buffer.from('ann\0b.test\0')]);
    const outcome = run(size, request, bytes(0, 90, 0, 99, 192, 0, 2, 7));
    expect(fieldsOf(outcome)).toMatchObject({
      version: 4,
      user: 'ann',
      'request.host': '0.0.0.1',
      'request.name': 'b.test',
      request_p: 80,
      'bound.host': '192.0.2.7',
      bound_p: 99,
    });
  });
});

test('a refusal opens nothing', () => {
  const outcome = run(
    100,
    bytes(5, 1, 0),
    bytes(5, 0),
    bytes(5, 1, 0, 1, 192, 0, 2, 1, 0, 80),
    bytes(5, 5, 0, 1, 0, 0, 0, 0, 0, 0),
    'x',
  );
  expect(fieldsOf(outcome)).toMatchObject({ status: 'Connection refused', 'request.host': '192.0.2.1' });
  expect(outcome.inner).toEqual([]);
});

test('a log-in that is refused is told without a request', () => {
  const outcome = run(100, bytes(5, 1, 2), bytes(5, 2), login, bytes(1, 1));
  expect(fieldsOf(outcome)).toEqual({ version: 5, user: 'ann', status: 'general SOCKS server failure' });
  expect(outcome.services).toEqual(['default']);
});

test('bytes that are no SOCKS are a violation', () => {
  expect(run(100, 'GET / HTTP/1.1').violations).toEqual(['no SOCKS message']);
});

test('is told by content at any port', () => {
  const first = { transport: 'tcp', orig: bytes(5, 1, 0), resp: bytes(5, 0), origPort: 1, respPort: 9 } as const;
  expect(analyzer.recognize?.(first)).toBe('match');
  expect(analyzer.recognize?.({ ...first, resp: bytes() })).toBe('more');
  expect(analyzer.recognize?.({ ...first, resp: bytes(5, 9) })).toBe('no');
  expect(analyzer.recognize?.({ ...first, orig: bytes(22, 3, 1) })).toBe('no');
});
