import { expect, test } from 'vitest';
import { inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const facts = { transport: 'udp', destinationPort: 69 } as const;
const request = Buffer.from('\0\x01boot/rfc1350.txt\0octet\0', 'latin1');
const block = (number: number, content: Buffer): Buffer => Buffer.concat([Buffer.from([0, 3, 0, number]), content]);
const ack = (number: number): Buffer => Buffer.from([0, 4, 0, number]);

test('tells the request and announces the answer', () => {
  const { events, services, expected } = runConnection(analyzer, inTurn(request), facts);
  expect(services).toEqual(['default']);
  expect(JSON.parse(String(events[0]?.['fields']))).toEqual({
    packet: 'read',
    file: 'boot/rfc1350.txt',
    mode: 'octet',
  });
  expect(expected).toEqual(['10.0.0.1 40000 tftp']);
});

test('puts the file together from its blocks, each once', () => {
  const blocks = [
    block(1, Buffer.alloc(512, 'a')),
    ack(1),
    block(1, Buffer.alloc(512, 'a')),
    ack(1),
    block(2, Buffer.from('end')),
    ack(2),
  ];
  const { files, services } = runConnection(analyzer, inTurn(...blocks), { ...facts, destinationPort: 40_000 });
  expect(services).toEqual(['default']);
  expect(files).toEqual([expect.objectContaining({ content: `${'a'.repeat(512)}end`, isEnded: true })]);
});

test('goes by the size of blocks that was agreed on, and knows what is missing', () => {
  const oack = Buffer.from('\0\x06tsize\x0040\0blksize\x0016\0', 'latin1');
  const blocks = [oack, ack(0), block(1, Buffer.alloc(16, 'a')), ack(1), block(3, Buffer.from('the end'))];
  const { files } = runConnection(analyzer, inTurn(...blocks), { ...facts, destinationPort: 40_000 });
  expect(files).toEqual([expect.objectContaining({ content: `${'a'.repeat(16)}the end`, missing: 16, isEnded: true })]);
});

test('errors are told, and what is none is a violation', () => {
  const { events } = runConnection(
    analyzer,
    inTurn(request, Buffer.from('\0\x05\0\x01no such file\0', 'latin1')),
    facts,
  );
  expect(JSON.parse(String(events[1]?.['fields']))).toEqual({ packet: 'error', error_code: 1 });
  expect(runConnection(analyzer, inTurn('hello'), facts).violations).toEqual(['no TFTP packet']);
  const first = { transport: 'udp', resp: new Uint8Array(0), origPort: 1, respPort: 69 } as const;
  expect(analyzer.recognize?.({ ...first, orig: request })).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('\0\x01name\0what\0', 'latin1') })).toBe('no');
});
