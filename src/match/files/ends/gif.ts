import type { ContainerEnd } from './container-end.ts';

const [extension, image, trailer] = [0x21, 0x2c, 0x3b];

/** Byte after the trailer of a GIF file (GIF89a specification, appendix B). */
export function findGifEnd(bytes: Uint8Array): ContainerEnd {
  let at = 13 + colorTableBytes(bytes[10] ?? 0);
  while (at < bytes.length) {
    const kind = bytes[at];
    if (kind === trailer) return { end: at + 1 };
    if (kind === extension) at = skipSubBlocks(bytes, at + 2);
    else if (kind === image) at = skipSubBlocks(bytes, at + 11 + colorTableBytes(bytes[at + 9] ?? 0));
    else return { fault: `no block at byte ${at}` };
  }
  return { fault: 'it ends before its trailer' };
}

/** Size of the colour table that packed flags announce. */
function colorTableBytes(flags: number): number {
  return flags < 0x80 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

function skipSubBlocks(bytes: Uint8Array, start: number): number {
  let at = start;
  for (let length = bytes[at]; length !== undefined && length > 0; length = bytes[at]) at += 1 + length;
  return at + 1;
}
