import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

/** CRC-16/DNP by another way than ours: bit by bit from the highest, over reversed bits. */
function reference(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const isSet = ((sum >> 15) & 1) !== ((byte >> bit) & 1);
      sum = ((sum << 1) & 0xffff) ^ (isSet ? 0x3d65 : 0);
    }
  }
  let reversed = 0;
  for (let bit = 0; bit < 16; bit++) reversed |= ((sum >> bit) & 1) << (15 - bit);
  return reversed ^ 0xffff;
}

function frame(...application: readonly number[]): Buffer {
  const header = Buffer.alloc(10);
  header.set([0x05, 0x64, 5 + 1 + application.length, 0xc4, 1, 0, 2, 0]);
  header.writeUInt16LE(reference(header.subarray(0, 8)), 8);
  return Buffer.concat([header, Buffer.from([0xc0, ...application, 0, 0])]);
}

test.each([1, 11, 400])('tells function, answer and indications (pieces of %i bytes)', (size) => {
  const steps = inTurn(
    frame(0xc0, 1, 60, 2, 6),
    frame(0xc0, 129, 0x90, 0x01),
    frame(0xc1, 5),
    frame(0xf0, 130, 0, 0),
    frame(0xf0, 0),
    frame(0xf1, 130, 0, 2),
    frame(0xc2, 13),
  );
  const { events, services } = runConnection(analyzer, cutSteps(steps, size), { destinationPort: 20_000 });
  expect(services).toEqual(['dnp3_tcp']);
  expect(events.map(({ fields }) => JSON.parse(String(fields)) as unknown)).toEqual([
    { fc_request: 'READ', fc_reply: 'RESPONSE', iin: 0x9001 },
    { fc_request: 'DIRECT_OPERATE', fc_reply: 'UNSOLICITED_RESPONSE', iin: 0 },
    { fc_reply: 'UNSOLICITED_RESPONSE', iin: 2 },
    { fc_request: 'COLD_RESTART' },
  ]);
});

test('bytes with a wrong check sum are a violation', () => {
  expect(reference(Buffer.from('123456789'))).toBe(0xea82);
  const wrong = frame(0xc0, 1);
  wrong[8] = (wrong[8] ?? 0) ^ 1;
  expect(runConnection(analyzer, inTurn(wrong)).violations).toEqual(['no DNP3 frame']);
});
