import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cutSteps,
  inTurn,
  runConnection,
  type Outcome,
  type Step,
} from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

/** A PDU in little-endian order. */
function pdu(type: number, call: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(16);
  header.set([5, 0, type, 3, 0x10]);
  header.writeUInt16LE(16 + body.length, 8);
  header.writeUInt32LE(call, 12);
  return Buffer.concat([header, body]);
}

function bind(uuid: string): Buffer {
  const [first = '', second = '', third = '', ...rest] = uuid.split('-');
  const reversed = [first, second, third].map((part) => Buffer.from(part, 'hex').reverse());
  const interfaceId = Buffer.concat([...reversed, Buffer.from(rest.join(''), 'hex')]);
  const head = Buffer.alloc(12);
  head[8] = 1;
  return pdu(11, 1, Buffer.concat([head, Buffer.from([0, 0, 1, 0]), interfaceId, Buffer.alloc(24)]));
}

function bindAck(address: string): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16LE(address.length + 1, 8);
  return pdu(12, 1, Buffer.concat([head, Buffer.from(`${address}\0`), Buffer.alloc(32)]));
}

function request(call: number, operation: number, type = 0): Buffer {
  const body = Buffer.alloc(40);
  body.writeUInt16LE(operation, 6);
  return pdu(type, call, body);
}

const svcctl = '367abb81-9844-35f1-ad32-98f038001003';
const steps = inTurn(
  bind(svcctl),
  bindAck(String.raw`\PIPE\svcctl`),
  request(2, 15),
  request(2, 0, 2),
  request(3, 12),
  request(3, 0, 3),
  request(4, 999),
);
const run = (all: readonly Step[]): Outcome => runConnection(analyzer, all, { destinationPort: 49_670 });
const fieldsOf = ({ events }: Outcome): unknown[] => events.map(({ fields }) => JSON.parse(String(fields)) as unknown);

test.each([1, 17, 4000])('tells interface and operation of each call (pieces of %i bytes)', (size) => {
  const outcome = run(cutSteps(steps, size));
  const facts = { named_pipe: String.raw`\PIPE\svcctl`, endpoint: 'svcctl' };
  expect(outcome.services).toEqual(['default']);
  expect(fieldsOf(outcome)).toEqual([
    { ...facts, rtt: expect.any(Number), operation: 'OpenSCManagerW' },
    { ...facts, rtt: expect.any(Number), operation: 'CreateServiceW' },
    { ...facts, operation: 'unknown-999' },
  ]);
});

test('gives interfaces that it does not know by their UUID', () => {
  const uuid = '01234567-89ab-cdef-0123-456789abcdef';
  const outcome = run(inTurn(bind(uuid), bindAck('135'), request(1, 3), request(1, 0, 2)));
  expect(fieldsOf(outcome)).toEqual([{ rtt: 1, named_pipe: '135', endpoint: uuid, operation: 'unknown-3' }]);
});

test('recognises a bind at any port, and nothing else', () => {
  const first = (orig: Uint8Array) =>
    analyzer.recognize?.({ transport: 'tcp', orig, resp: new Uint8Array(0), origPort: 1, respPort: 2 });
  expect(first(bind(svcctl))).toBe('match');
  expect(first(Buffer.from([5, 0]))).toBe('more');
  expect(first(Buffer.from([5, 1, 0]))).toBe('more');
  expect(first(request(1, 1))).toBe('no');
  expect(first(Buffer.from('GET / HTTP/1.1'))).toBe('no');
});

test('bytes that are none are a violation, and damage ends', () => {
  expect(run(inTurn('hello, here is nothing')).violations).toEqual(['no DCE/RPC message']);
  const whole = Buffer.concat(steps.map((step) => ('bytes' in step ? Buffer.from(step.bytes) : Buffer.alloc(0))));
  const edit = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 20 }), (edits) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of edits) bytes[at] = value;
      expect(run(inTurn(bytes, bytes)).events.length).toBeLessThan(10);
    }),
    { numRuns: 100 },
  );
});
