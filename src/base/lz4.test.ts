import { describe, expect, it } from 'vitest';
import { unpackLz4Frame } from './lz4.ts';

/** A frame of linked blocks, without checksums. */
function frameOf(...blocks: readonly (readonly [Buffer, boolean])[]): Buffer {
  const parts = blocks.flatMap(([block, isStored]) => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(isStored ? (0x80_00_00_00 | block.length) >>> 0 : block.length);
    return [size, block];
  });
  return Buffer.concat([Buffer.from('04224d1840407f', 'hex'), ...parts, Buffer.alloc(4)]);
}

describe('a frame of LZ4', () => {
  // Literals `abc`, and a copy of 5 from 3 before; then a block that copies 4 from 8 before, and ends in a literal.
  const first = Buffer.from([0x31, 0x61, 0x62, 0x63, 0x03, 0x00, 0x00]);
  const second = Buffer.from([0x00, 0x08, 0x00, 0x10, 0x21]);

  it('is unpacked, with blocks that copy from those before and ones that are stored', () => {
    const frame = frameOf([first, false], [second, false], [Buffer.from('stored'), true]);
    expect(unpackLz4Frame(frame, 1000)?.toString()).toBe('abcabcababca!stored');
  });

  it('is none when it is cut, damaged or larger than allowed', () => {
    const frame = frameOf([first, false]);
    expect(unpackLz4Frame(frame, 1000)?.toString()).toBe('abcabcab');
    for (let length = 0; length < frame.length; length++) {
      expect(unpackLz4Frame(frame.subarray(0, length), 1000)).toBeUndefined();
    }
    expect(unpackLz4Frame(frame, 5)).toBeUndefined();
    expect(unpackLz4Frame(frameOf([Buffer.from([0x00, 0x09, 0x00]), false]), 1000)).toBeUndefined();
  });
});
