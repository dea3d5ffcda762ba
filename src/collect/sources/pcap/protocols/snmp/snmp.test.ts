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
    get_requests: 2,
    get_responses: 1,
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
