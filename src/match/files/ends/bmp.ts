import type { ContainerEnd } from './container-end.ts';

const fileHeaderBytes = 14;
/** BITMAPINFOHEADER; later ones begin with the same fields. */
const infoHeaderBytes = 40;
/** Values of `biCompression` whose rows have a known length. */
const plainCompressions: ReadonlySet<number> = new Set([0, 3, 6]);

/**
 * Byte after the pixels of a BMP file (BITMAPFILEHEADER, BITMAPINFOHEADER): where its header says, or where the rows end, whichever is
 * later. Some programs write a length without headers, or none.
 */
export function findBmpEnd(bytes: Uint8Array): ContainerEnd {
  if (bytes.length < fileHeaderBytes + infoHeaderBytes) return { fault: 'it ends before its header does' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [length, pixelsAt, headerBytes] = [view.getUint32(2, true), view.getUint32(10, true), view.getUint32(14, true)];
  if (headerBytes < infoHeaderBytes) return { fault: 'its header is of an old kind' };
  const [width, height] = [view.getInt32(18, true), Math.abs(view.getInt32(22, true))];
  const [bits, imageBytes] = [view.getUint16(28, true), view.getUint32(34, true)];
  if (width <= 0) return { fault: 'its width cannot be' };
  const rows = Math.ceil((width * bits) / 32) * 4 * height;
  const isPlain = plainCompressions.has(view.getUint32(30, true));
  // A profile (BITMAPV5HEADER) stands behind the pixels, and is within the length.
  const end = Math.max(length, pixelsAt + (isPlain ? rows : imageBytes));
  return end > bytes.length ? { fault: 'it ends before its pixels do' } : { end };
}
