import { expect, test } from 'vitest';
import { inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const get = Buffer.from('302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500', 'hex');
const answer = Buffer.from(get);
answer[13] = 0xa2;
const facts = { transport: 'udp', destinationPort: 161 } as const;

test('counts the messages of a connection, with version and community', () => {
  const { events, services } = runConnection(analyzer, inTurn(get, answer, get), facts);
  expect(services).toEqual(['default']);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ time: 2_000_000, log_name: 'snmp' });
  expect(JSON.parse(String(events[0]?.['fields']))).toEqual({
    version: '2c',
    community: 'public',
    duration: 2,
    get_requests: 2,
    get_bulk_requests: 0,
    get_responses: 1,
    set_requests: 0,
  });
});

const element = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
};
const integer = (value: number): Buffer => element(2, Buffer.from([value]));
const binding = (last: number, value: Uint8Array): Buffer =>
  element(0x30, element(6, Buffer.from([0x2b, 6, 1, 2, 1, 1, last, 0])), value);
const pdu = (tag: number, ...bindings: readonly Buffer[]): Buffer =>
  element(tag, integer(1), integer(0), integer(0), element(0x30, ...bindings));
const told = pdu(0xa2, binding(1, element(4, Buffer.from('Router'))), binding(3, element(0x43, Buffer.from([100, 0]))));

test('counts variables, and tells what the system says of itself', () => {
  const message = (body: Buffer): Buffer => element(0x30, integer(1), element(4, Buffer.from('c')), body);
  const nothing = element(5);
  const asked = pdu(0xa5, binding(1, nothing), binding(3, nothing));
  const { events } = runConnection(analyzer, inTurn(message(asked), message(told)), facts);
  expect(JSON.parse(String(events[0]?.['fields']))).toMatchObject({
    get_bulk_requests: 2,
    get_responses: 2,
    display_string: 'Router',
    // 25,600 hundredths of a second before the second packet.
    up_since: 3 - 256,
  });
});

test('tells the user of version 3, whose name is never encrypted', () => {
  const header = element(0x30, integer(1), integer(0), element(4, Buffer.from([3])), integer(3));
  const security = (user: string): Buffer =>
    element(
      4,
      element(0x30, element(4), integer(0), integer(0), element(4, Buffer.from(user)), element(4), element(4)),
    );
  const message = (user: string): Buffer =>
    element(0x30, integer(3), header, security(user), element(4, Buffer.alloc(20)));
  const { events } = runConnection(analyzer, inTurn(message(''), message(''), message('operator')), facts);
  expect(events[0]).toMatchObject({ user_name: 'operator' });
});

test('reads version 3 where it is not encrypted', () => {
  const header = element(0x30, integer(1), integer(0), element(4, Buffer.from([0])), integer(3));
  const message = (body: Buffer): Buffer => element(0x30, integer(3), header, element(4), body);
  const scoped = element(0x30, element(4), element(4), told);
  const { events } = runConnection(analyzer, inTurn(message(scoped), message(element(4, Buffer.alloc(20)))), facts);
  expect(JSON.parse(String(events[0]?.['fields']))).toMatchObject({
    version: '3',
    get_responses: 2,
    display_string: 'Router',
  });
});

test('bytes that are no SNMP are a violation, and what came before is told', () => {
  const { events, violations } = runConnection(analyzer, inTurn(get, 'x'), facts);
  expect(violations).toEqual(['no SNMP message']);
  expect(events).toHaveLength(1);
});

test('is told by content at any port', () => {
  const first = { transport: 'udp', orig: get, resp: new Uint8Array(0), origPort: 1, respPort: 9 } as const;
  expect(analyzer.recognize?.(first)).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: get.subarray(0, 12) })).toBe('no');
});
