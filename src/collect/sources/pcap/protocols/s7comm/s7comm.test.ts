import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

function tpkt(...bytes: readonly number[]): Buffer {
  return Buffer.from([3, 0, 0, bytes.length + 4, ...bytes]);
}
const connect = tpkt(17, 0xe0, 0, 0, 0, 1, 0, 0xc0, 1, 10, 0xc1, 2, 1, 0, 0xc2, 2, 1, 2);
const s7 = (type: number, parameters: readonly number[], error: readonly number[] = []): Buffer =>
  tpkt(2, 0xf0, 0x80, 0x32, type, 0, 0, 0, 1, 0, parameters.length, 0, 0, ...error, ...parameters);

test.each([1, 10, 500])('tells jobs and refused answers (pieces of %i bytes)', (size) => {
  const steps = inTurn(
    connect,
    tpkt(17, 0xd0, 0, 1, 0, 2, 0, 0xc0, 1, 10, 0xc1, 2, 1, 0, 0xc2, 2, 1, 2),
    s7(1, [0xf0, 0, 0, 1, 0, 1, 1, 0xe0]),
    s7(3, [0xf0, 0, 0, 1, 0, 1, 0, 0xf0], [0, 0]),
    s7(1, [0x29, 0, 0, 0, 0, 0]),
    s7(3, [0x29], [0x81, 0x04]),
    s7(7, [0, 1, 0x12, 4, 0x11, 0x44, 1, 0]),
  );
  const { events, services } = runConnection(analyzer, cutSteps(steps, size), { destinationPort: 102 });
  expect(services).toEqual(['default']);
  expect(events.map(({ fields }) => JSON.parse(String(fields)) as unknown)).toEqual([
    { from_client: true, rosctr: 'job', func: 'setup_communication' },
    { from_client: true, rosctr: 'job', func: 'plc_stop' },
    { from_client: false, rosctr: 'ack_data', func: 'plc_stop', error: 0x8104 },
    { from_client: true, rosctr: 'userdata', func: 'cpu_functions' },
  ]);
});

test('is told from RDP by its connect request', () => {
  const first = (orig: Uint8Array) =>
    analyzer.recognize?.({ transport: 'tcp', orig, resp: new Uint8Array(0), origPort: 1, respPort: 2 });
  expect(first(connect)).toBe('match');
  expect(first(tpkt(14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0))).toBe('no');
  expect(first(Buffer.from('hello, world'))).toBe('no');
});
