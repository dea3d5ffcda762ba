import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection, type Step } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const words = (...numbers: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number, 4 * index);
  return bytes;
};
const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([words(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
};
const credential = Buffer.concat([words(0), text('pc1'), words(1000, 1000, 0)]);

function call(id: number, program: number, version: number, procedure: number, ...rest: readonly Buffer[]): Buffer {
  const head = words(id, 0, 2, program, version, procedure, 1, credential.length);
  return Buffer.concat([head, credential, words(0, 0), ...rest]);
}
const reply = (id: number, ...rest: readonly number[]): Buffer => words(id, 1, 0, 0, 0, 0, ...rest);
const record = (message: Buffer): Buffer => Buffer.concat([words(0x8000_0000 + message.length), message]);
const fieldsOf = (events: readonly { readonly fields?: unknown }[]): unknown[] =>
  events.map(({ fields }) => JSON.parse(String(fields)) as unknown);

const who = { machine: 'pc1', uid: 1000 };
const steps = inTurn(
  record(call(1, 100_005, 3, 1, text('/srv/home'))),
  record(reply(1, 13)),
  record(call(2, 100_003, 3, 3, text('HAND'), text('passwd'))),
  record(reply(2, 0)),
  record(call(3, 100_003, 3, 6, text('HAND'))),
  record(reply(3, 0)),
  record(call(4, 100_003, 3, 12, text('HAND'), text('a.txt'))),
);

test.each([1, 21, 4000])('tells mounts and names (pieces of %i bytes)', (size) => {
  const { events, services } = runConnection(analyzer, cutSteps(steps, size), { destinationPort: 2049 });
  const folder = Buffer.from('HAND').toString('hex');
  expect(services).toEqual(['mount', 'nfs']);
  expect(events.map((event) => event['log_name'])).toEqual(['mount', 'nfs', 'nfs']);
  expect(fieldsOf(events)).toEqual([
    { version: 3, procedure: 'MNT', ...who, path: '/srv/home', success: false, status: 13 },
    { version: 3, procedure: 'LOOKUP', ...who, folder, name: 'passwd', success: true },
    { version: 3, procedure: 'REMOVE', ...who, folder, name: 'a.txt' },
  ]);
});

test('tells which program a portmapper is asked for', () => {
  const ask = call(9, 100_000, 2, 3, words(100_003, 3, 6, 0));
  const { events } = runConnection(analyzer, inTurn(ask, reply(9, 2049)), { transport: 'udp', destinationPort: 111 });
  expect(fieldsOf(events)).toEqual([
    { version: 2, procedure: 'GETPORT', ...who, program: 'nfs', program_version: 3, success: true, port: 2049 },
  ]);
});

test('bytes that are none are a violation, and damage ends', () => {
  expect(runConnection(analyzer, inTurn('GET / HTTP/1.1\r\n')).violations).toEqual(['no RPC record']);
  const whole = Buffer.concat(steps.map((step) => ('bytes' in step ? Buffer.from(step.bytes) : Buffer.alloc(0))));
  const edit = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 20 }), (edits) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of edits) bytes[at] = value;
      const damaged: Step[] = inTurn(bytes, bytes);
      expect(runConnection(analyzer, damaged).events.length).toBeLessThan(10);
    }),
    { numRuns: 100 },
  );
});
