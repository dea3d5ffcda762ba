import { expect, test } from 'vitest';
import { inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const message = (version: number, exchange: number, first: number, payloads: Buffer, flags = 0): Buffer => {
  const header = Buffer.alloc(28);
  header.write('0102030405060708', 0, 'hex');
  header.set([first, version, exchange, flags], 16);
  header.writeUInt32BE(28 + payloads.length, 24);
  return Buffer.concat([header, payloads]);
};
const aggressive = message(0x10, 4, 1, Buffer.from('0d000004' + '00000008cafebabe', 'hex'));
const facts = { transport: 'udp', sourcePort: 500, destinationPort: 500 } as const;

test('tells exchanges, payloads and vendors', () => {
  const marked = Buffer.concat([
    Buffer.alloc(4),
    message(0x20, 35, 46, Buffer.from('2900001000112233445566778899aabb', 'hex')),
  ]);
  const { events, services } = runConnection(analyzer, inTurn(aggressive, marked), facts);
  expect(services).toEqual(['default']);
  const common = { init_spi: '0102030405060708', resp_spi: '0000000000000000', message_id: 0 };
  expect(events.map((event) => JSON.parse(String(event['fields'])) as unknown)).toEqual([
    {
      from_client: true,
      version_major: 1,
      exchange_type: 'aggressive',
      ...common,
      is_encrypted: false,
      payloads: [1, 13],
      vendor_ids: ['cafebabe'],
    },
    { from_client: false, version_major: 2, exchange_type: 'IKE_AUTH', ...common, is_encrypted: true, payloads: [46] },
  ]);
});

test('what is none is a violation, except beside NAT traversal', () => {
  expect(runConnection(analyzer, inTurn('hello'), facts).violations).toEqual(['no IKE message']);
  const esp = { ...facts, destinationPort: 4500 };
  expect(runConnection(analyzer, inTurn(Buffer.from([0xff])), esp).violations).toEqual([]);
});

test('is told by content beside its ports only', () => {
  const first = { transport: 'udp', orig: aggressive, resp: new Uint8Array(0), origPort: 500, respPort: 9 } as const;
  expect(analyzer.recognize?.(first)).toBe('match');
  expect(analyzer.recognize?.({ ...first, origPort: 8 })).toBe('no');
  expect(analyzer.recognize?.({ ...first, orig: aggressive.subarray(1) })).toBe('no');
});
