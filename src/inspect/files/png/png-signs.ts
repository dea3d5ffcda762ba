import { noteLowestBits } from '../lsb/lsb-signs.ts';
import { steganography, type FileContent, type Notes } from '../sign.ts';
import { trailingDataSign } from '../trailing-data.ts';
import { readPngChunks } from './chunks.ts';
import { decodePng, maxSurplusBytes, type Decoded } from './decode.ts';
import { unknownChunkSigns } from './unknown-chunks.ts';

/** Everything that is looked for in a PNG file: what follows it, its chunks, and its pixels. */
export function notePng(content: FileContent, notes: Notes): void {
  const { chunks, end, fault } = readPngChunks(content.bytes);
  if (end === undefined) notes.notChecked.push({ what: 'data after the end of the PNG', why: fault ?? '' });
  else {
    const sign = trailingDataSign(content, { format: 'PNG', end });
    if (sign !== undefined) notes.signs.push(sign);
  }
  notes.signs.push(...unknownChunkSigns(content.bytes, chunks));
  const decoded = decodePng(content.bytes, chunks);
  if ('fault' in decoded) {
    notes.notChecked.push({ what: 'pixels of the PNG', why: decoded.fault });
    return;
  }
  const at = chunks.find(({ type }) => type === 'IDAT')?.at ?? 0;
  noteSurplus(decoded, at, notes);
  noteLowestBits(decoded.picture, at, notes);
}

/** A few bytes more are what careless writers leave. */
const minSurplus = 64;

/** Decoders stop when they have all rows: what the image data hold beyond is never shown. */
function noteSurplus(
  { surplusPixels, surplusData }: Exclude<Decoded, { fault: string }>,
  at: number,
  notes: Notes,
): void {
  if (Math.max(surplusPixels, surplusData) < minSurplus) return;
  notes.signs.push({
    id: 'surplus-pixels',
    title: `${surplusPixels + surplusData} bytes in the image data that belong to no pixel`,
    severity: 'medium',
    score: 0.5,
    at,
    attack: [steganography],
    reasons: [
      {
        what: 'inflated bytes beyond the last row',
        value: surplusPixels >= maxSurplusBytes ? `${maxSurplusBytes} or more` : String(surplusPixels),
      },
      { what: 'bytes after the compressed stream', value: String(surplusData) },
    ],
  });
}
