import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const handshake = (peer: string): Buffer =>
  Buffer.concat([
    Buffer.from('\x13BitTorrent protocol'),
    Buffer.alloc(8),
    Buffer.alloc(20, 0xab),
    Buffer.from(peer.padEnd(20, 'x')),
  ]);

test.each([1, 30, 500])('tells torrent and programs (pieces of %i bytes)', (size) => {
  const steps = inTurn(handshake('-qB4650-'), Buffer.concat([handshake('odd'), Buffer.alloc(50)]));
  const { events, services } = runConnection(analyzer, cutSteps(steps, size));
  expect(services).toEqual(['default']);
  expect(events.map(({ fields }) => JSON.parse(String(fields)) as unknown)).toEqual([
    { info_hash: 'ab'.repeat(20), client: 'qB4650', server: Buffer.from('odd'.padEnd(20, 'x')).toString('hex') },
  ]);
});

test('bytes that are none are a violation', () => {
  expect(runConnection(analyzer, inTurn('\x13BitTorrent prose')).violations).toEqual(['no handshake of BitTorrent']);
});
