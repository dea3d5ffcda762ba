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
    cert_count: 0,
  });
});

test('shows a refusal', () => {
  const { events, inner } = run(1000, request, choice(3, 5));
  expect(inner).toEqual([]);
  expect(JSON.parse(String(events[0]?.['fields']))).toMatchObject({
    cookie: 'admin',
    result: 'HYBRID_REQUIRED_BY_SERVER',
  });
});

const numbers = (...values: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer =>
  Buffer.concat(
    values.map(([size, value]) => {
      const bytes = Buffer.alloc(size);
      bytes.writeUIntLE(value, 0, size);
      return bytes;
    }),
  );
const padded = (text: Buffer, size: number): Buffer => Buffer.concat([text, Buffer.alloc(size - text.length)]);
const wide = (text: string, size: number): Buffer => padded(Buffer.from(text, 'utf16le'), size);
const block = (type: number, content: Buffer): Buffer =>
  Buffer.concat([numbers([2, type], [2, content.length + 4]), content]);
/** Settings behind their key, in a data packet of X.224. */
function settings(before: string, key: string, ...blocks: readonly Buffer[]): Buffer {
  const content = Buffer.concat(blocks);
  const length = Buffer.from([0x80 | (content.length >> 8), content.length & 255]);
  const tpdu = Buffer.concat([Buffer.from(`02f0807f65${before}`, 'hex'), Buffer.from(key), length, content]);
  return Buffer.concat([Buffer.from([3, 0, (tpdu.length + 4) >> 8, (tpdu.length + 4) & 255]), tpdu]);
}
const core = Buffer.concat([
  numbers([4, 0x80004], [2, 1920], [2, 1080], [2, 0xca01], [2, 0xaa03], [4, 1033], [4, 9600]),
  wide('ATTACKER', 32),
  Buffer.alloc(12 + 64),
  numbers([2, 0xca01], [2, 1], [4, 0], [2, 24], [2, 7], [2, 1]),
  wide('55274-OEM', 64),
]);
const channels = Buffer.concat([
  numbers([4, 2]),
  ...['rdpdr', 'cliprdr'].map((name) => Buffer.concat([padded(Buffer.from(name), 8), Buffer.alloc(4)])),
]);
const fromClient = settings('00080010 0001c000'.replace(' ', ''), 'Duca', block(0xc001, core), block(0xc003, channels));
const security = Buffer.concat([
  numbers([4, 2], [4, 3], [4, 32], [4, 12]),
  Buffer.alloc(32),
  numbers([4, 0x8000_0002], [4, 2], [4, 0]),
]);
const fromServer = settings(
  '14760a01010001c000',
  'McDn',
  block(0x0c01, numbers([4, 0x80004])),
  block(0x0c02, security),
);

test.each([1, 7, 1000])('shows names and encryption where RDP encrypts itself (pieces of %i bytes)', (size) => {
  const { events, violations, inner } = run(size, request, choice(2, 0), fromClient, fromServer, 'encrypted');
  expect([violations, inner]).toEqual([[], []]);
  expect(JSON.parse(String(events[0]?.['fields']))).toEqual({
    cookie: 'admin',
    result: 'Success',
    security_protocol: 'RDP',
    client_channels: ['rdpdr', 'cliprdr'],
    keyboard_layout: 'English - United States',
    client_build: 'RDP 8.1',
    client_name: 'ATTACKER',
    client_dig_product_id: '55274-OEM',
    desktop_width: 1920,
    desktop_height: 1080,
    requested_color_depth: '24bit',
    encryption_method: '128bit',
    encryption_level: 'High',
    cert_type: 'X.509',
    cert_count: 2,
    cert_permanent: false,
  });
});

test('settings may be cut or lie about their lengths', () => {
  for (let length = 1; length < fromClient.length; length += 5) {
    const cut = Buffer.concat([fromClient.subarray(0, length), Buffer.alloc(fromClient.length - length, 0xff)]);
    const { violations, events } = run(1000, request, choice(2, 0), cut, fromServer.subarray(0, length), 'x');
    expect([violations, events.length]).toEqual([[], 1]);
  }
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
