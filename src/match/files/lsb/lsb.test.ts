import { describe, expect, it } from 'vitest';
import { embed, photoSamples, photoSide } from '../../../../tests/support/photo.ts';
import type { Picture } from '../png/decode.ts';
import type { Notes } from '../sign.ts';
import { probabilityOfEvenPairs, sequentialShare } from './chi-square.ts';
import { noteLowestBits } from './lsb-signs.ts';
import { estimateByRs } from './rs-analysis.ts';
import { estimateBySamplePairs } from './sample-pairs.ts';

function pictureOf(samples: Picture['samples']): Picture {
  return { width: photoSide, height: samples.length / 3 / photoSide, channels: 3, colors: 3, samples };
}

function notesOf(picture: Picture): Notes {
  const notes: Notes = { signs: [], measured: [], notChecked: [] };
  noteLowestBits(picture, 0, notes);
  return notes;
}

const photo = photoSamples();

describe('messages in the lowest bits', () => {
  it.each([
    ['sequential', 0.3],
    ['scattered', 0.1],
    ['scattered', 0.5],
    ['sequential', 1],
  ] as const)('are found and measured by both estimates: %s, share %d', (order, share) => {
    const picture = pictureOf(embed(photo, share, order));
    for (const channel of [0, 1, 2]) {
      expect(estimateByRs(picture, channel)).toBeGreaterThan(0.8 * share - 0.05);
      expect(estimateBySamplePairs(picture, channel)).toBeGreaterThan(0.8 * share - 0.05);
    }
    expect(notesOf(picture).signs).toMatchObject([{ id: 'lsb', attack: ['T1027.003'] }]);
  });

  it('are not claimed of a clean picture, whose numbers are told', () => {
    const { signs, measured, notChecked } = notesOf(pictureOf(photo));
    expect({ signs, notChecked }).toEqual({ signs: [], notChecked: [] });
    expect(measured.map(({ value }) => Number(value) < 0.05)).toEqual([true, true, true]);
  });

  it('have their place told when they were written in sequence', () => {
    // A stretched contrast makes values uneven, as in many photos; the histogram of the plain picture is smooth.
    const uneven = photo.map((value) => (value % 4 === 1 ? value - 1 : value));
    expect(sequentialShare(pictureOf(uneven))).toBe(0);
    expect(sequentialShare(pictureOf(embed(uneven, 0.3, 'sequential')))).toBeCloseTo(0.3, 1);
    expect(sequentialShare(pictureOf(embed(uneven, 1, 'sequential')))).toBe(1);
  });

  it('are said to be in sequence when the length agrees with the estimate', () => {
    const whats = (picture: Picture): string => JSON.stringify(notesOf(picture).signs[0]?.reasons);
    expect(whats(pictureOf(embed(photo, 1, 'sequential')))).toContain('in sequence from the first pixel');
    expect(whats(pictureOf(embed(photo, 0.3, 'scattered')))).not.toContain('in sequence');
  });

  it('are found in one channel alone, and in a drawing when much was written', () => {
    const full = embed(photo, 0.14, 'scattered');
    const blue = photo.map((value, index) => (index % 3 === 2 ? (full[index] ?? 0) : value));
    expect(notesOf(pictureOf(blue)).signs).toMatchObject([{ id: 'lsb', severity: 'medium' }]);
    const drawing = photo.map((value, index) => (index > 50_000 ? 200 : value));
    expect(notesOf(pictureOf(embed(drawing, 0.5, 'sequential'))).signs).toMatchObject([
      { id: 'lsb', severity: 'high' },
    ]);
  });

  it.each([
    ['small', pictureOf(photo.subarray(0, photoSide * 60 * 3)), /fewer than 40000 pixels/],
    ['drawn', pictureOf(photo.map((_, index) => (index > 20_000 ? 200 : (photo[index] ?? 0)))), /of one colour/],
    [
      'noise',
      pictureOf(Uint16Array.from(photo, (value, index) => (value * 257) ^ ((index * 40_503) & 0xffff))),
      /noisy/,
    ],
  ])('are not looked for where the estimates do not hold: %s', (_name, picture, why) => {
    const { signs, notChecked } = notesOf(picture);
    expect(signs).toEqual([]);
    expect(notChecked[0]?.why).toMatch(why);
  });
});

describe('probabilityOfEvenPairs', () => {
  it.each([
    [[100, 100, 100, 100, 100, 100, 100, 100, 100, 100], 0.99, 1],
    // Chi-square 4.63 with 4 degrees of freedom.
    [[115, 85, 85, 115, 103, 97, 100, 100, 102, 98], 0.3, 0.36],
    [[200, 10, 200, 10, 200, 10, 200, 10, 200, 10], 0, 0.001],
    [[3, 3, 2, 2], 0, 0],
  ])('of %j', (counts, least, most) => {
    const probability = probabilityOfEvenPairs(Uint32Array.from(counts));
    expect(probability).toBeGreaterThanOrEqual(least);
    expect(probability).toBeLessThanOrEqual(most);
  });
});
