import type { ContainerEnd } from './container-end.ts';

/** Byte after the last chunk of a RIFF file (WebP container specification, "RIFF file format"): its length stands in front. */
export function findRiffEnd(bytes: Uint8Array): ContainerEnd {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) return { fault: 'it ends before its length' };
  const length = view.getUint32(4, true);
  // A form name at least; chunks are padded to even lengths, which some programs forget at the end.
  if (length < 4) return { fault: 'its length cannot be' };
  const end = 8 + length + (length % 2);
  return end > bytes.length + (length % 2)
    ? { fault: 'it ends before its length says' }
    : { end: Math.min(end, bytes.length) };
}
