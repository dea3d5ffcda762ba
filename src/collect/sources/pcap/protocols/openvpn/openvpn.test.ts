import { expect, test } from 'vitest';
import { inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const reset = (opcode: number): Buffer => Buffer.concat([Buffer.from([opcode << 3]), Buffer.alloc(25, 9)]);
const framed = (message: Buffer): Buffer => Buffer.concat([Buffer.from([0, message.length]), message]);
const udp = { transport: 'udp', destinationPort: 1194 } as const;
const first = (transport: 'udp' | 'tcp', orig: Uint8Array, resp: Uint8Array) =>
  analyzer.recognize?.({ transport, orig, resp, origPort: 1, respPort: 2 });
const nothing = new Uint8Array(0);

test('is told by the resets of both sides', () => {
  expect(runConnection(analyzer, inTurn(reset(7), reset(8), Buffer.alloc(90)), udp)).toMatchObject({
    services: ['default'],
    violations: [],
  });
  expect(runConnection(analyzer, inTurn(reset(7), reset(7)), udp)).toMatchObject({ services: [] });
  expect(runConnection(analyzer, inTurn(framed(reset(7)), framed(reset(8)))).services).toEqual(['default']);
});

test('is recognised at any port, once it was answered', () => {
  expect(first('udp', reset(7), nothing)).toBe('more');
  expect(first('udp', reset(7), reset(8))).toBe('match');
  expect(first('tcp', framed(reset(10)), framed(reset(8)))).toBe('match');
  expect(first('udp', reset(7), Buffer.from('8 is no reset of a server'))).toBe('no');
  expect(first('udp', Buffer.from('8888'), nothing)).toBe('no');
});
