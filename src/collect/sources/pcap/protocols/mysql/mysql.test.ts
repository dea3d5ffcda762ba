import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection, type Outcome } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

function packet(number: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(content.length, 0, 3);
  head[3] = number;
  return Buffer.concat([head, content]);
}

const greeting = packet(0, Buffer.concat([Buffer.from([10]), Buffer.from('8.0.36\0'), Buffer.alloc(40, 1)]));
const login = packet(1, Buffer.concat([Buffer.from([0, 2, 0, 0]), Buffer.alloc(28), Buffer.from('root\0secret')]));
const ok = (number: number): Buffer => packet(number, Buffer.from([0, 3, 0]));
const query = packet(0, Buffer.from('\x03select 1', 'latin1'));
const error = packet(1, Buffer.concat([Buffer.from([0xff, 0x15, 4]), Buffer.from('#28000Denied')]));
const run = (size: number, ...parts: readonly (Uint8Array | string)[]): Outcome =>
  runConnection(analyzer, cutSteps([{ from: 'server', bytes: greeting }, ...inTurn(...parts)], size), {
    destinationPort: 3306,
  });
const fieldsOf = ({ events }: Outcome): unknown[] =>
  events.map((event) => JSON.parse(String(event['fields'])) as unknown);

test.each([1, 7, 5000])('shows log-ins and statements with their outcome (pieces of %i bytes)', (size) => {
  const outcome = run(size, login, ok(2), query, ok(1), query, error);
  expect(outcome.services).toEqual(['default']);
  expect(fieldsOf(outcome)).toEqual([
    { cmd: 'login', arg: 'root', success: true, rows: 3 },
    { cmd: 'query', arg: 'select 1', success: true, rows: 3 },
    { cmd: 'query', arg: 'select 1', success: false, response: 'Denied' },
  ]);
  expect(outcome.events[1]).toMatchObject({ log_name: 'mysql', user_name: 'root' });
  expect(JSON.stringify(outcome.events)).not.toContain('secret');
});

test('counts rows that changed, also thousands of them, and none for those that are sent', () => {
  const many = packet(1, Buffer.from([0, 0xfc, 0x10, 0x27, 0]));
  const columns = packet(1, Buffer.from([2]));
  const ping = packet(0, Buffer.from([14]));
  expect(fieldsOf(run(5000, login, ok(2), query, many, query, columns, ping, ok(1))).slice(1)).toEqual([
    { cmd: 'query', arg: 'select 1', success: true, rows: 10_000 },
    { cmd: 'query', arg: 'select 1', success: true, rows: 0 },
    { cmd: 'ping', arg: '', success: true, rows: 3 },
  ]);
});

test('goes over to TLS', () => {
  const tls = packet(1, Buffer.concat([Buffer.from([0, 0x0a, 0, 0]), Buffer.alloc(28)]));
  expect(run(5000, tls, '', 'hello').inner).toEqual([{ protocol: 'tls', fed: ['client: hello'] }]);
});

test('long rows are passed over', () => {
  const outcome = run(
    1000,
    login,
    ok(2),
    query,
    Buffer.concat([packet(1, Buffer.from([1])), packet(2, Buffer.alloc(100_000, 7))]),
    query,
    ok(1),
  );
  expect(fieldsOf(outcome)).toHaveLength(3);
});

test('is told by content at any port', () => {
  const first = { transport: 'tcp', orig: new Uint8Array(0), resp: greeting, origPort: 1, respPort: 9 } as const;
  expect(analyzer.recognize?.(first)).toBe('match');
  expect(analyzer.recognize?.({ ...first, resp: greeting.subarray(0, 5) })).toBe('more');
  expect(analyzer.recognize?.({ ...first, resp: Buffer.from('SSH-2.0-abcdef') })).toBe('no');
});
