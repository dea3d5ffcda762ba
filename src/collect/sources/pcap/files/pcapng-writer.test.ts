import { expect, test } from 'vitest';
import { block, ethernet, udp } from '../../../../../tests/support/packets.ts';
import type { CaptureForm } from '../../../source.ts';
import { source } from '../index.ts';

const datagram = udp('10.0.0.1:1000', '10.0.0.2:53', 'odd');
const linkTypes = [1, 101, 228];
const frames = [ethernet(datagram), datagram, ethernet(datagram), datagram];
const interfaces = [0, 1, 0, 2];
const seconds = 1_700_000_000n * 1_000_000n;

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

const capture = Buffer.concat([
  block(0x0a0d0d0a, [0x1a2b3c4d, 1, 0xffff_ffff, 0xffff_ffff]),
  ...linkTypes.map((type) => block(1, [type, 0])),
  ...frames.map((bytes, index) => {
    const time = seconds + BigInt(index);
    const words = [interfaces[index] ?? 0, Number(time >> 32n), Number(time & 0xffff_ffffn), bytes.length, 900];
    return block(6, words, padded(bytes));
  }),
]);

async function cut(from: Buffer, isPcapng: boolean): Promise<{ readonly bytes: Buffer; readonly leftOut: number }> {
  let leftOut = 0;
  const form: CaptureForm = { isPcapng, leftOut: (packets) => void (leftOut += packets) };
  const parts: Uint8Array[] = [];
  for await (const part of source.extract?.(one(from), () => true, form) ?? []) parts.push(part);
  return { bytes: Buffer.concat(parts), leftOut };
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

test('packets of several link types are cut out into pcapng as they were', async () => {
  const { bytes, leftOut } = await cut(capture, true);
  expect(leftOut).toBe(0);
  // What was cut out of it once more is the same, so that it is read as it was written.
  expect((await cut(bytes, true)).bytes).toEqual(bytes);
  for (const frame of frames) expect(bytes.includes(frame)).toBe(true);
  const found = [...Array(bytes.length - 4).keys()].filter((at) => at % 4 === 0 && bytes.readUInt32LE(at) === 900);
  expect(found).toHaveLength(frames.length);
});

test('a pcap holds those of the first link type, and how many were left out is said', async () => {
  const { bytes, leftOut } = await cut(capture, false);
  expect(bytes.readUInt32LE(20)).toBe(1);
  expect(leftOut).toBe(2);
});
