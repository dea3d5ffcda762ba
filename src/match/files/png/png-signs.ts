import { noteLowestBits } from '../lsb/lsb-signs.ts';
import { steganography, type FileContent, type FileSign, type Notes } from '../sign.ts';
import { trailingDataSign } from '../trailing-data.ts';
import { readPngChunks } from './chunks.ts';
import { decodePng, maxSurplusBytes } from './decode.ts';
import { unknownChunkSigns } from './unknown-chunks.ts';

/** Everything that is looked for in a PNG file: what follows it, its chunks, and its pixels where they take no more than so many bytes. */
export function notePng(content: FileContent, notes: Notes, maxPixelBytes: number): void {
  const { chunks, end, fault } = readPngChunks(content.bytes);
  if (end === undefined) notes.notChecked.push({ what: 'data after the end of the PNG', why: fault ?? '' });
  else {
    const sign = trailingDataSign(content, { format: 'PNG', end });
    if (sign !== undefined) notes.signs.push(sign);
  }
  notes.signs.push(...unknownChunkSigns(content.bytes, chunks));
  if (maxPixelBytes === 0) return;
  const decoded = decodePng(content.bytes, chunks, maxPixelBytes);
  const at = chunks.find(({ type }) => type === 'IDAT')?.at ?? 0;
  if ('fault' in decoded) {
    notes.notChecked.push({ what: 'pixels of the PNG', why: decoded.fault });
    if (decoded.isOverfull === true) notes.signs.push(surplusSign(maxSurplusBytes, 0, at));
    return;
  }
  const { picture, surplusPixels, surplusData } = decoded;
  if (Math.max(surplusPixels, surplusData) >= minSurplus) notes.signs.push(surplusSign(surplusPixels, surplusData, at));
  noteLowestBits(picture, at, notes);
}

/** A few bytes more are what careless writers leave. */
const minSurplus = 64;

/** Decoders stop when they have all rows: what the image data hold beyond is never shown. */
function surplusSign(inflated: number, behind: number, at: number): FileSign {
  const most = inflated >= maxSurplusBytes ? ' or more' : '';
  return {
    id: 'surplus-pixels',
    title: `${inflated + behind}${most} bytes in the image data that belong to no pixel`,
    severity: 'medium',
    score: 0.5,
    at,
    attack: [steganography],
    reasons: [
      { what: 'inflated bytes beyond the last row', value: `${inflated}${most}` },
      { what: 'bytes after the compressed stream', value: String(behind) },
    ],
  };
}
