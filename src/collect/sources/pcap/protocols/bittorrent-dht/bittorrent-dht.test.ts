import { expect, test } from 'vitest';
import { inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { readBencoded } from './bencode.ts';
import { analyzer } from './index.ts';

const facts = { transport: 'udp', destinationPort: 6881 } as const;
const id = 'abcdefghij0123456789';
const hex = Buffer.from(id).toString('hex');
const getPeers = `d1:ad2:id20:${id}9:info_hash20:${id}e1:q9:get_peers1:t2:aa1:v4:UT011:y1:qe`;
const answer = `d1:rd2:id20:${id}5:token1:x6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re`;

test('tells queries, answers and errors', () => {
  const error = 'd1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee';
  const { events, services } = runConnection(analyzer, inTurn(getPeers, answer, getPeers, error), facts);
  expect(services).toEqual(['default']);
  const records = events.map((event) => JSON.parse(String(event['fields'])) as unknown);
  const query = {
    type: 'query',
    transaction_id: '6161',
    client_version: '55543031',
    request_type: 'get_peers',
    id: hex,
    info_hash: hex,
  };
  expect(records).toEqual([
    query,
    { type: 'response', transaction_id: '6161', id: hex, peers: 2 },
    query,
    { type: 'error', transaction_id: '6161', error: '201 A Generic Error Ocurred' },
  ]);
});

test('who asks first has opened the flow', () => {
  const steps = [
    { from: 'server', bytes: getPeers },
    { from: 'client', bytes: answer },
  ] as const;
  expect(runConnection(analyzer, steps, facts).flips).toBe(1);
  expect(runConnection(analyzer, inTurn(getPeers, getPeers), facts).flips).toBe(0);
});

test('a bad message is a violation at the start, and a problem among good ones', () => {
  expect(runConnection(analyzer, inTurn('d1:y1:qe'), facts).violations).toEqual(['no KRPC message']);
  const { violations, problems } = runConnection(analyzer, inTurn(getPeers, 'd1:y1:qe'), facts);
  expect([violations, problems]).toEqual([[], ['bad-record: a message of BitTorrent DHT is not readable']]);
});

test('is told by content alone', () => {
  const first = { transport: 'udp', resp: new Uint8Array(0), origPort: 1, respPort: 9 } as const;
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from(getPeers) })).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('d1:y1:qe') })).toBe('no');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('data') })).toBe('no');
});

test.each(['d', 'd1:a', 'li1ei2e', '99999:x', 'i-e', 'l'.repeat(50), 'd1:al'])('%s is no value', (text) => {
  expect(readBencoded(Buffer.from(text))).toBeUndefined();
});
