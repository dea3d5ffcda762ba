import type { Detection } from '../../source.ts';
import { blockType } from './format/blocks.ts';

const magic = 0x1a2b3c4d;
/** pcapng begins with the same header; what follows it tells the two apart. */
const isOfCaptures = (type: number): boolean =>
  (type >= 0x201 && type <= 0x222) || (type & 0xff00_ffff) >>> 0 === 0x8000_abcd;

/** A section header whose next block is of a type that only these captures have. */
export function detect(_name: string, head: Uint8Array): Detection {
  if (head.length < 32) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(0, true) !== blockType.section) return undefined;
  const littleEndian = view.getUint32(8, true) === magic;
  if (!littleEndian && view.getUint32(8, false) !== magic) return undefined;
  const next = view.getUint32(4, littleEndian);
  if (next < 24 || next + 4 > head.length) return undefined;
  return isOfCaptures(view.getUint32(next, littleEndian)) ? 'certain' : undefined;
}
