import type { Reason } from '../../../events/finding.ts';
import { steganography, type FileContent, type Notes } from '../sign.ts';
import { evenPairs } from './coefficient-pairs.ts';
import { decodeJpeg } from './decode.ts';

/**
 * Looks for a message that was written bit by bit into the coefficients of a JPEG. What keeps their frequencies as they were (steghide,
 * OutGuess) or makes coefficients smaller (F5) is not seen, and said to be not seen.
 */
export function noteCoefficients({ bytes, size }: FileContent, notes: Notes): void {
  const what = 'messages in JPEG coefficients';
  notes.notChecked.push({ what: `${what} by steghide, OutGuess or F5`, why: 'there is no test for them' });
  if (size > bytes.length) return;
  const jpeg = decodeJpeg(bytes);
  if ('fault' in jpeg) {
    notes.notChecked.push({ what: `${what} by JSteg`, why: jpeg.fault });
    return;
  }
  // Brightness has most of the coefficients, and tools write into it.
  const found = jpeg.frame.components[0] === undefined ? undefined : evenPairs(jpeg.frame.components[0]);
  if (found === undefined) return;
  const reasons: Reason[] = [
    {
      what: 'coefficients that differ in the lowest bit alone: chi-square by degree of freedom',
      value: found.even.toFixed(2),
    },
    { what: 'the same of the pairs between them', value: found.between.toFixed(1) },
    { what: 'from the first block up to this share', value: found.share.toFixed(2) },
  ];
  notes.signs.push({
    id: 'coefficients',
    title: `message in the lowest bits of the coefficients of the JPEG, as JSteg writes it`,
    severity: 'high',
    score: 0.8,
    at: 0,
    attack: [steganography],
    reasons,
  });
}
