import { describe, expect, it } from 'vitest';
import { detect } from './detect.ts';

/** A pcapng section header and the first bytes of the block behind it. */
function section(nextType: number, isLittleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(40);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0a0d0d0a);
  view.setUint32(4, 28, isLittleEndian);
  view.setUint32(8, 0x1a2b3c4d, isLittleEndian);
  view.setUint32(28, nextType, isLittleEndian);
  return bytes;
}

describe('detection', () => {
  it.each([true, false])('leaves captures of system calls alone (little-endian: %s)', (isLittleEndian) => {
    expect(detect('a', section(1, isLittleEndian))).toBe('certain');
    expect(detect('a', section(0x201, isLittleEndian))).toBeUndefined();
    expect(detect('a', section(0x8000_abcd, isLittleEndian))).toBeUndefined();
    expect(detect('a', section(1, isLittleEndian).subarray(0, 28))).toBe('certain');
  });
});
