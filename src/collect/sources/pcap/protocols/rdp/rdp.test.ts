import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection, type Outcome } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

/** A TPKT with a TPDU: its length, code and what follows. */
function packet(code: number, rest: Uint8Array): Buffer {
  const tpdu = Buffer.concat([Buffer.from([6 + rest.length, code, 0, 0, 0, 0, 0]), rest]);
  return Buffer.concat([Buffer.from([3, 0, 0, 4 + tpdu.length]), tpdu]);
}

const request = packet(0xe0, Buffer.from('Cookie: mstshash=admin\r\n\x01\0\x08\0\x03\0\0\0', 'latin1'));
const choice = (type: number, value: number): Buffer => packet(0xd0, Buffer.from([type, 0, 8, 0, value, 0, 0, 0]));
const run = (size: number, ...parts: readonly (Uint8Array | string)[]): Outcome =>
  runConnection(analyzer, cutSteps(inTurn(...parts), size), { destinationPort: 3389 });

test.each([1, 5, 1000])('shows cookie and security, and TLS behind it (pieces of %i bytes)', (size) => {
  const { events, services, inner } = run(size, request, choice(2, 1), 'hello');
  expect(services).toEqual(['default']);
  expect(inner[0]?.fed.join('').replaceAll('client: ', '')).toBe('hello');
  expect(events[0]).toMatchObject({ log_name: 'rdp', user_name: 'admin' });
  expect(JSON.parse(String(events[0]?.['fields']))).toEqual({
    cookie: 'admin',
    result: 'encrypted',
    security_protocol: 'SSL',
  });
});

test('shows a refusal', () => {
  const { events, inner } = run(1000, request, choice(3, 5));
  expect(inner).toEqual([]);
  expect(JSON.parse(String(events[0]?.['fields']))).toEqual({ cookie: 'admin', result: 'failure 5' });
});

test('bytes that are no RDP are a violation', () => {
  expect(run(1000, 'GET / HTTP/1.1').violations).toEqual(['no RDP connection request']);
});

test('is told by content at any port', () => {
  const first = { transport: 'tcp', orig: request, resp: new Uint8Array(0), origPort: 1, respPort: 9 } as const;
  expect(analyzer.recognize?.(first)).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: Uint8Array.from([3, 0]) })).toBe('more');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('SSH-2.0-abcdef') })).toBe('no');
});

test('is told from controllers, which open their connections alike', () => {
  const first = (hex: string) =>
    analyzer.recognize?.({
      transport: 'tcp',
      orig: Buffer.from(hex, 'hex'),
      resp: new Uint8Array(0),
      origPort: 1,
      respPort: 2,
    });
  expect(first('030000130ee000000000000100080003000000')).toBe('match');
  expect(first('0300001611e00000000100c0010ac1020100c2020102')).toBe('no');
});
