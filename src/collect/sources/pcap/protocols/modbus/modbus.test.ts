import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const read = Uint8Array.from([0, 7, 0, 0, 0, 6, 1, 3, 0, 0, 0, 2]);
const answer = Uint8Array.from([0, 7, 0, 0, 0, 7, 1, 3, 4, 0, 1, 0, 2]);
const refusal = Uint8Array.from([0, 8, 0, 0, 0, 3, 1, 0x86, 2]);
const facts = { destinationPort: 502 };

test.each([1, 5, 100])('shows functions and exceptions (pieces of %i bytes)', (size) => {
  const { events, services } = runConnection(analyzer, cutSteps(inTurn(read, answer, read, refusal), size), facts);
  expect(services).toEqual(['default']);
  expect(events.map((event) => JSON.parse(String(event['fields'])) as unknown)).toEqual([
    { tid: 7, unit: 1, func: 'READ_HOLDING_REGISTERS', pdu_type: 'REQ' },
    { tid: 7, unit: 1, func: 'READ_HOLDING_REGISTERS', pdu_type: 'RESP' },
    { tid: 7, unit: 1, func: 'READ_HOLDING_REGISTERS', pdu_type: 'REQ' },
    { tid: 8, unit: 1, func: 'WRITE_SINGLE_REGISTER_EXCEPTION', pdu_type: 'RESP', exception: 'ILLEGAL_DATA_ADDRESS' },
  ]);
});

test('names functions that nobody knows by their whole number', () => {
  const strange = (code: number): Buffer => Buffer.from([0, 1, 0, 0, 0, 3, 9, code, 1]);
  const { events } = runConnection(analyzer, inTurn(strange(0x63), strange(0xe3)), facts);
  expect(events.map((event) => JSON.parse(String(event['fields'])) as unknown)).toMatchObject([
    { func: 'unknown-99' },
    { func: 'unknown-227', exception: 'ILLEGAL_FUNCTION' },
  ]);
});

test('bytes that are no Modbus are a violation', () => {
  expect(runConnection(analyzer, inTurn('GET / HTTP/1.1'), facts).violations).toEqual(['no Modbus message']);
});

test('is told by content at any port', () => {
  const first = { transport: 'tcp', orig: read, resp: new Uint8Array(0), origPort: 1, respPort: 9 } as const;
  expect(analyzer.recognize?.(first)).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: read.subarray(0, 5) })).toBe('more');
  expect(analyzer.recognize?.({ ...first, orig: answer.subarray(0, 12) })).toBe('no');
});
