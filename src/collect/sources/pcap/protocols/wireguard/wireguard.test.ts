import { expect, test } from 'vitest';
import { inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const message = (type: number, length: number): Buffer =>
  Buffer.concat([Buffer.from([type, 0, 0, 0]), Buffer.alloc(length - 4, 7)]);
const facts = { transport: 'udp', destinationPort: 51_820 } as const;

test('is told by a handshake that is answered', () => {
  expect(runConnection(analyzer, inTurn(message(1, 148)), facts).services).toEqual([]);
  const outcome = runConnection(analyzer, inTurn(message(1, 148), message(2, 92), message(4, 96)), facts);
  expect(outcome).toMatchObject({ services: ['default'], violations: [] });
});

test('other lengths are none', () => {
  expect(runConnection(analyzer, inTurn(message(1, 149)), facts).violations).toEqual(['no WireGuard message']);
  expect(runConnection(analyzer, inTurn(message(4, 33)), facts).violations).toEqual(['no WireGuard message']);
});
