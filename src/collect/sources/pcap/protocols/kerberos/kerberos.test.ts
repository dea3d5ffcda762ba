import { expect, test } from 'vitest';
import { inTurn, runConnection, type Outcome } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const element = (tag: number, ...parts: readonly (Uint8Array | string)[]): Buffer => {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const integer = (value: number): Buffer => element(2, Uint8Array.from([value]));
const context = (number: number, ...parts: readonly (Uint8Array | string)[]): Buffer =>
  element(0xa0 + number, ...parts);
const principal = (...names: readonly string[]): Buffer =>
  element(0x30, context(0, integer(1)), context(1, element(0x30, ...names.map((name) => element(0x1b, name)))));

const body = element(
  0x30,
  context(0, element(3, Uint8Array.from([0, 0x40, 0x80, 0, 0]))),
  context(1, principal('ann')),
  context(2, element(0x1b, 'A.TEST')),
  context(3, principal('krbtgt', 'A.TEST')),
  context(5, element(0x18, '20370913024805Z')),
);
const request = element(0x6a, element(0x30, context(1, integer(5)), context(2, integer(10)), context(4, body)));
const encrypted = (cipher: number): Buffer => element(0x30, context(0, integer(cipher)), context(2, element(4, 'x')));
const ticket = element(
  0x61,
  element(
    0x30,
    context(0, integer(5)),
    context(1, element(0x1b, 'A.TEST')),
    context(2, principal('krbtgt', 'A.TEST')),
    context(3, encrypted(18)),
  ),
);
const reply = element(
  0x6b,
  element(
    0x30,
    context(0, integer(5)),
    context(1, integer(11)),
    context(3, element(0x1b, 'A.TEST')),
    context(4, principal('ann')),
    context(5, ticket),
    context(6, encrypted(18)),
  ),
);
const refusal = element(
  0x7e,
  element(
    0x30,
    context(0, integer(5)),
    context(1, integer(30)),
    context(6, integer(24)),
    context(9, element(0x1b, 'A.TEST')),
    context(10, principal('krbtgt', 'A.TEST')),
  ),
);

const run = (...messages: readonly Uint8Array[]): Outcome =>
  runConnection(analyzer, inTurn(...messages), { transport: 'udp', destinationPort: 88 });
const fieldsOf = ({ events }: Outcome): unknown => JSON.parse(String(events[0]?.['fields']));

test('shows who got which ticket with which cipher', () => {
  const outcome = run(request, reply);
  expect(outcome.services).toEqual(['default']);
  expect(outcome.events).toHaveLength(1);
  expect(outcome.events[0]).toMatchObject({ time: 2_000_000, log_name: 'kerberos' });
  expect(fieldsOf(outcome)).toEqual({
    request_type: 'AS',
    client: 'ann/A.TEST',
    service: 'krbtgt/A.TEST',
    till: '20370913024805Z',
    cipher: 'aes256-cts-hmac-sha1-96',
    forwardable: true,
    renewable: true,
    success: true,
  });
});

test('shows why there was none', () => {
  expect(fieldsOf(run(request, refusal))).toMatchObject({
    success: false,
    error_msg: 'KDC_ERR_PREAUTH_FAILED',
    client: 'ann/A.TEST',
  });
});

test('a request that nobody answers is told', () => {
  expect(fieldsOf(run(request))).toMatchObject({ request_type: 'AS', client: 'ann/A.TEST' });
});

test('reads the framing of TCP', () => {
  const framed = (bytes: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from([0, 0, bytes.length >> 8, bytes.length & 255]), bytes]);
  const { events } = runConnection(analyzer, inTurn(framed(request), framed(reply)), { destinationPort: 88 });
  expect(events).toHaveLength(1);
});

test('is told by content at any port', () => {
  const first = { transport: 'udp', orig: request, resp: new Uint8Array(0), origPort: 1, respPort: 9 } as const;
  expect(analyzer.recognize?.(first)).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: reply })).toBe('no');
});

test('tells refusals in the words of the server, and passes over its wish to see the password first', () => {
  const error = (code: number, text?: string): Buffer =>
    element(
      0x7e,
      element(
        0x30,
        context(6, integer(code)),
        context(7, element(0x1b, 'A.TEST')),
        context(8, principal('ann')),
        context(10, principal('krbtgt', 'A.TEST')),
        ...(text === undefined ? [] : [context(11, element(0x1b, text))]),
      ),
    );
  const outcome = runConnection(
    analyzer,
    inTurn(
      request,
      error(25, 'NEEDED_PREAUTH'),
      request,
      error(6, 'CLIENT_NOT_FOUND'),
      request,
      error(25),
      '',
      error(24),
    ),
    { transport: 'udp', destinationPort: 88 },
  );
  expect(outcome.services).toEqual(['default']);
  expect(outcome.events.map((event) => JSON.parse(String(event['fields'])) as unknown)).toMatchObject([
    { request_type: 'AS', client: 'ann/A.TEST', success: false, error_msg: 'CLIENT_NOT_FOUND', error_code: 6 },
    { error_msg: 'KDC_ERR_PREAUTH_REQUIRED' },
    { client: 'ann/A.TEST', service: 'krbtgt/A.TEST', error_msg: 'KDC_ERR_PREAUTH_FAILED' },
  ]);
});
