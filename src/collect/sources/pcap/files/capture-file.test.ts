import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { block, ethernet, pcap, sectionHeader, udp, type CapturedFrame } from '../../../../../tests/support/packets.ts';
import { CaptureFile, type FilePosition } from './capture-file.ts';
import type { FileProblem, Frame, FrameSink } from './frame.ts';

interface Seen {
  readonly time: number;
  readonly text: string;
  readonly wireBytes: number;
  readonly linkType: number;
}

class Collector implements FrameSink {
  readonly frames: Seen[] = [];
  readonly problems: (FileProblem & { byte: number })[] = [];
  readonly keys: string[] = [];

  frame({ bytes, start, end, time, wireBytes, linkType }: Frame): void {
    const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
    this.frames.push({ time, text, wireBytes, linkType });
  }

  secrets(text: string): void {
    this.keys.push(text);
  }

  problem(problem: FileProblem, byte: number): void {
    this.problems.push({ ...problem, byte });
  }
}

function read(bytes: Uint8Array, chunkBytes = bytes.length, from?: FilePosition): Collector & { end?: FilePosition } {
  const collector: Collector & { end?: FilePosition } = new Collector();
  const file = new CaptureFile(collector, from);
  for (let at = 0; at < bytes.length; at += chunkBytes) file.push(bytes.subarray(at, at + chunkBytes));
  file.finish();
  const end = file.position();
  if (end !== undefined) collector.end = end;
  return collector;
}

const records: readonly CapturedFrame[] = [
  { at: 1_700_000_000.25, bytes: Buffer.from('first') },
  { at: 1_700_000_000.5, bytes: Buffer.from('second, cut'), wireBytes: 500 },
  { at: 1_700_000_001, bytes: Buffer.from('third') },
];

describe('pcap', () => {
  it.each([
    { isBigEndian: false, hasNanoseconds: false },
    { isBigEndian: true, hasNanoseconds: false },
    { isBigEndian: false, hasNanoseconds: true },
    { isBigEndian: true, hasNanoseconds: true },
  ])('reads $isBigEndian $hasNanoseconds', (options) => {
    const { frames, problems } = read(pcap(records, { ...options, linkType: 101 }));
    expect(frames).toEqual([
      { time: 1_700_000_000_250_000, text: 'first', wireBytes: 5, linkType: 101 },
      { time: 1_700_000_000_500_000, text: 'second, cut', wireBytes: 500, linkType: 101 },
      { time: 1_700_000_001_000_000, text: 'third', wireBytes: 5, linkType: 101 },
    ]);
    expect(problems).toEqual([]);
  });

  it('reads the modified format, whose records have eight bytes more', () => {
    const bytes = pcap([]);
    bytes.writeUInt32LE(0xa1b2_cd34, 0);
    const header = Buffer.alloc(24);
    header.writeUInt32LE(7, 0);
    header.writeUInt32LE(2, 8);
    header.writeUInt32LE(2, 12);
    expect(read(Buffer.concat([bytes, header, Buffer.from('ab')])).frames).toMatchObject([{ time: 7e6, text: 'ab' }]);
  });

  it('gives the same frames however the file is cut into chunks', () => {
    const bytes = pcap(records);
    const whole = read(bytes).frames;
    const same = fc.property(fc.integer({ min: 1, max: 80 }), (chunk) => {
      expect(read(bytes, chunk).frames).toEqual(whole);
    });
    fc.assert(same);
  });

  it('finds the next records after damage, and tells how much was lost', () => {
    const damaged = Buffer.concat([pcap(records), Buffer.alloc(40, 0xee), pcap(records).subarray(24)]);
    const { frames, problems } = read(damaged);
    expect(frames.map(({ text }) => text)).toEqual(['first', 'second, cut', 'third', 'first', 'second, cut', 'third']);
    expect(problems).toEqual([{ code: 'bad-record', message: '40 bytes are no packet record', byte: 93 }]);
  });

  it('tells a record that was cut off, and goes on with it when the file has grown', () => {
    const bytes = pcap(records);
    const first = read(bytes.subarray(0, -2));
    expect(first.frames).toHaveLength(2);
    expect(first.problems).toMatchObject([{ code: 'truncated' }]);
    const rest = read(bytes.subarray(first.end?.byte), 3, first.end);
    expect(rest.frames.map(({ text }) => text)).toEqual(['third']);
  });

  it('refuses what is no capture', () => {
    const { frames, problems } = read(Buffer.from('this is only a text, longer than a header'));
    expect(frames).toEqual([]);
    expect(problems).toMatchObject([{ code: 'bad-header' }]);
  });
});

describe('pcapng', () => {
  const nanosecondOptions = Buffer.from([9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0]);
  const nanoseconds = 1_700_000_000_123_456_789n;
  const packet = ethernet(udp('10.0.0.1:1', '10.0.0.2:2', 'x'));
  const enhanced = (id: number, stamp: bigint): Buffer =>
    block(6, [id, Number(stamp >> 32n), Number(stamp & 0xffff_ffffn), packet.length, packet.length], packet);
  const file = Buffer.concat([
    sectionHeader,
    block(1, [1, 0]),
    block(1, [113, 0], nanosecondOptions),
    block(0x0bad, [1, 2, 3]),
    enhanced(0, 1_700_000_000_000_001n),
    enhanced(1, nanoseconds),
    block(3, [4], Buffer.from('spb!')),
    block(10, [0x544c_534b, 6], Buffer.from('CLIENT')),
  ]);

  it('reads interfaces of several link types and resolutions, simple packets and secrets', () => {
    const { frames, problems, keys } = read(file);
    expect(frames.map(({ time, linkType }) => ({ time, linkType }))).toEqual([
      { time: 1_700_000_000_000_001, linkType: 1 },
      { time: 1_700_000_000_123_456, linkType: 113 },
      { time: 1_700_000_000_123_456, linkType: 1 },
    ]);
    expect(frames[2]?.text).toBe('spb!');
    expect(keys).toEqual(['CLIENT']);
    expect(problems).toEqual([]);
  });

  it('gives the same frames however the file is cut into chunks', () => {
    const whole = read(file).frames;
    const same = fc.property(fc.integer({ min: 1, max: 90 }), (chunk) => {
      expect(read(file, chunk).frames).toEqual(whole);
    });
    fc.assert(same);
  });

  it('passes over a block of any length without keeping it', () => {
    const long = block(0x0bad, [], Buffer.alloc(3_000_000));
    const bytes = Buffer.concat([file, long, file]);
    expect(read(bytes, 65_536).frames).toHaveLength(6);
  });

  it('finds the next packet after damage', () => {
    const bytes = Buffer.concat([file, Buffer.alloc(64, 0x55), enhanced(1, nanoseconds)]);
    const { frames, problems } = read(bytes);
    expect(frames).toHaveLength(4);
    expect(problems).toMatchObject([{ code: 'bad-record', message: '64 bytes are no pcapng block' }]);
  });

  it('tells packets of an interface that is not described, and what the capture dropped', () => {
    const dropped = Buffer.from('0500080007000000000000000000', 'hex');
    const bytes = Buffer.concat([file, enhanced(9, 1n), block(5, [0, 0, 0], dropped)]);
    expect(read(bytes).problems.map(({ message }) => message)).toEqual([
      'a packet of interface 9, which is not described',
      'the capture dropped 7 packets',
    ]);
  });
});
