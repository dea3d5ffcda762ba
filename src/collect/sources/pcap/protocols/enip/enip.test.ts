import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

function message(command: number, content: readonly number[] = [], status = 0): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt16LE(command, 0);
  header.writeUInt16LE(content.length, 2);
  header.writeUInt32LE(status, 8);
  return Buffer.concat([header, Buffer.from(content)]);
}

/** Interface and timeout, and two items: an empty address and what is sent to an object. */
const sent = (...cip: readonly number[]): number[] => [
  0,
  0,
  0,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  0,
  0,
  0xb2,
  0,
  cip.length,
  0,
  ...cip,
];

test.each([1, 13, 800])('tells commands and what they ask of which object (pieces of %i bytes)', (size) => {
  const steps = inTurn(
    message(0x65, [1, 0, 0, 0]),
    message(0x65, [1, 0, 0, 0]),
    message(0x6f, sent(0x05, 2, 0x20, 0x01, 0x24, 0x01)),
    message(0x6f, sent(0x85, 0, 0x08, 0)),
    message(0x6f, sent(0x4d, 2, 0x21, 0, 0x6b, 0)),
    message(0x6f, [], 0x64),
  );
  const { events, services } = runConnection(analyzer, cutSteps(steps, size), { destinationPort: 44_818 });
  expect(services).toEqual(['default']);
  expect(events.map(({ fields }) => JSON.parse(String(fields)) as unknown)).toEqual([
    { from_client: true, command: 'RegisterSession' },
    { from_client: true, command: 'SendRRData', cip_service: 'Reset', cip_class: 'Identity' },
    { from_client: false, command: 'SendRRData', cip_service: 'Reset', cip_status: 8 },
    { from_client: true, command: 'SendRRData', cip_service: 'Write_Tag', cip_class: 'Symbol' },
    { from_client: false, command: 'SendRRData', status: 'bad session' },
  ]);
});

test('is recognised by a whole command at any port', () => {
  const first = (orig: Uint8Array) =>
    analyzer.recognize?.({ transport: 'tcp', orig, resp: new Uint8Array(0), origPort: 1, respPort: 2 });
  expect(first(message(0x65, [1, 0, 0, 0]))).toBe('match');
  expect(first(message(0x65).subarray(0, 9))).toBe('more');
  expect(first(Buffer.concat([message(0x63), Buffer.from('x')]))).toBe('no');
  expect(first(Buffer.from('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'))).toBe('no');
});
