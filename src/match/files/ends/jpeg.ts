import type { ContainerEnd } from './container-end.ts';

const startOfScan = 0xda;
const endOfImage = 0xd9;
const application2 = 0xe2;
const application1 = 0xe1;
/** Segments that are read for an announcement; cameras write a handful. */
const maxAnnouncing = 64;

/**
 * Byte after the EOI marker of a JPEG file (ITU T.81, annex B). Segments are skipped by their lengths, so that a thumbnail in
 * one of them does not end the image.
 */
export function findJpegEnd(bytes: Uint8Array): ContainerEnd {
  let announced: string | undefined;
  let segments = 0;
  let at = 2;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) return { fault: `no marker at byte ${at}` };
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === endOfImage) return { end: at + 2, ...(announced === undefined ? {} : { announced }) };
    if (isBare(marker)) {
      at += 2;
      continue;
    }
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    if (at + 2 + length > bytes.length) break;
    if (length < 2) return { fault: `segment without a length at byte ${at}` };
    if ((marker === application1 || marker === application2) && segments++ < maxAnnouncing) {
      announced ??= announcementIn(bytes.subarray(at + 4, at + 2 + length));
    }
    at += 2 + length;
    if (marker === startOfScan) at = skipScan(bytes, at);
  }
  return { fault: 'it ends before its EOI marker' };
}

/** Markers without a length: TEM and the restarts. */
function isBare(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

/** Place of the first marker after entropy-coded data: stuffed zeros, restarts and fill bytes belong to them. */
function skipScan(bytes: Uint8Array, start: number): number {
  for (let at = start; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !isBare(next)) return at;
  }
  return bytes.length;
}

/** Cameras put further pictures and a film after the image, and say so in the index of pictures (CIPA DC-007) or in XMP. */
function announcementIn(segment: Uint8Array): string | undefined {
  const text = Buffer.from(segment.buffer, segment.byteOffset, segment.length).toString('latin1');
  if (text.startsWith('MPF\0')) return 'image/jpeg';
  const isFilm = text.startsWith('http://ns.adobe.com/xap/1.0/\0') && /MotionPhoto|MicroVideo/.test(text);
  return isFilm ? 'video/mp4' : undefined;
}
