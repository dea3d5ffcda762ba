import type { ContainerEnd } from './container-end.ts';

const headerBytes = 6;
const entryBytes = 16;

/** A picture of an icon: where its bytes stand. */
export interface IconImage {
  readonly at: number;
  readonly length: number;
}

/** The pictures that the directory of an icon or cursor names (ICONDIR, ICONDIRENTRY), 65,535 at most; those beyond the end of the file are left out. */
export function iconImages(bytes: Uint8Array): IconImage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const images: IconImage[] = [];
  const count = bytes.length < headerBytes ? 0 : view.getUint16(4, true);
  for (let index = 0; index < count; index++) {
    const entry = headerBytes + index * entryBytes;
    if (entry + entryBytes > bytes.length) break;
    const [length, at] = [view.getUint32(entry + 8, true), view.getUint32(entry + 12, true)];
    if (at + length <= bytes.length) images.push({ at, length });
  }
  return images;
}

/** Byte after the last picture of an icon. */
export function findIcoEnd(bytes: Uint8Array): ContainerEnd {
  const images = iconImages(bytes);
  if (images.length === 0) return { fault: 'none of its pictures is there' };
  return { end: images.reduce((last, { at, length }) => Math.max(last, at + length), 0) };
}
