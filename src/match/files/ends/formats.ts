import { findBmpEnd } from './bmp.ts';
import type { ContainerEnd } from './container-end.ts';
import { findGifEnd } from './gif.ts';
import { findIcoEnd } from './ico.ts';
import { findJpegEnd } from './jpeg.ts';
import { findPdfEnd } from './pdf.ts';
import { findRiffEnd } from './riff.ts';
import { findTiffEnd } from './tiff.ts';
import { findZipEnd } from './zip.ts';

/** A format whose files know their own end. */
export interface ContainerFormat {
  readonly name: string;
  findEnd(bytes: Uint8Array): ContainerEnd;
}

const zip: ContainerFormat = { name: 'ZIP', findEnd: findZipEnd };
const formats: readonly (readonly [type: string, format: ContainerFormat])[] = [
  ['image/jpeg', { name: 'JPEG', findEnd: findJpegEnd }],
  ['image/gif', { name: 'GIF', findEnd: findGifEnd }],
  ['image/webp', { name: 'WebP', findEnd: findRiffEnd }],
  ['image/tiff', { name: 'TIFF', findEnd: findTiffEnd }],
  ['image/x-ms-bmp', { name: 'BMP', findEnd: findBmpEnd }],
  ['image/x-icon', { name: 'icon', findEnd: findIcoEnd }],
  ['application/pdf', { name: 'PDF', findEnd: findPdfEnd }],
  ['application/zip', zip],
  ['application/java-archive', zip],
  ['application/vnd.openxmlformats', zip],
];

/** The format of a type as `mimeTypeOf` gives it; undefined for formats that do not say where they end, and for PNG. */
export function containerFormatOf(type: string): ContainerFormat | undefined {
  return formats.find(([prefix]) => type.startsWith(prefix))?.[1];
}
