import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { block, pcap, sectionHeader } from '../../../../tests/support/packets.ts';
import { RecordCutter } from './record-cutter.ts';

/** Files that would be written of a stream that comes in pieces of a size, with a border before each header. */
function filesOf(stream: Buffer, size: number): { files: Buffer[]; packets: number } {
  const files: Buffer[] = [];
  let header = Buffer.alloc(0);
  let packets = 0;
  let isOpen = false;
  const cutter = new RecordCutter({
    onHeader(bytes) {
      header = Buffer.from(bytes);
      isOpen = false;
    },
    onRecords(bytes, count) {
      if (!isOpen) files.push(header);
      isOpen = true;
      files.push(Buffer.concat([files.pop() ?? header, bytes]));
      packets += count;
    },
  });
  for (let at = 0; at < stream.length; at += size) cutter.push(stream.subarray(at, at + size));
  return { files, packets };
}

const frames = [20, 1500, 0, 9000].map((length, index) => ({
  at: 1_700_000_000 + index,
  bytes: Buffer.alloc(length, index),
}));
const packet = (length: number): Buffer => block(6, [0, 0, 0, length, length], Buffer.alloc(length, 7));
const interfaceBlock = block(1, [1, 262_144]);

describe('a capture that comes as a stream', () => {
  test.each([{}, { isBigEndian: true }, { hasNanoseconds: true }])('is cut at its records: pcap %j', (options) => {
    const stream = pcap(frames, options);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 }), (size) => {
        expect(filesOf(stream, size)).toEqual({ files: [stream], packets: 4 });
      }),
      { numRuns: 20 },
    );
  });

  test('repeats section, interfaces and secrets of a pcapng', () => {
    const secrets = block(10, [0x544c534b, 4], Buffer.from('#abc'));
    const stream = Buffer.concat([sectionHeader, interfaceBlock, packet(60), secrets, packet(61), packet(1400)]);
    const expected = [
      Buffer.concat([sectionHeader, interfaceBlock, packet(60)]),
      Buffer.concat([sectionHeader, interfaceBlock, secrets, packet(61), packet(1400)]),
    ];
    for (const size of [1, 7, 100, 5000]) expect(filesOf(stream, size)).toEqual({ files: expected, packets: 3 });
  });

  test.each([
    ['no capture', Buffer.alloc(64, 1)],
    ['a record without an end', Buffer.concat([pcap([]), Buffer.alloc(16, 255)])],
    [
      'a block that is too short',
      Buffer.concat([sectionHeader, Buffer.from('0600000004000000', 'hex'), Buffer.alloc(20)]),
    ],
  ])('is given up where it is %s', (_name, stream) => {
    expect(() => filesOf(stream, 50)).toThrow(/no capture|damaged/);
  });
});
