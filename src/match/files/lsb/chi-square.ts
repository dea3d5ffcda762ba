import type { Picture } from '../png/decode.ts';

const steps = 20;
/** Pairs of values that are rarer do not count, as the test demands. */
const minExpected = 4;
const surely = 0.95;

/**
 * Share of the picture, from its beginning, over which values that differ in the lowest bit alone are equally frequent, as an encrypted
 * message makes them that was written pixel after pixel (Westfeld and Pfitzmann, 1999). 0 to 1 in steps of 0.05. Some clean photos have
 * it too: it says where a message stands that another test has found, never that there is one. Samples of 8 bits only.
 */
export function sequentialShare(picture: Picture): number {
  const { samples, channels, colors } = picture;
  const counts = new Uint32Array(256);
  const pixels = Math.floor(samples.length / channels);
  let share = 0;
  for (let step = 1, pixel = 0; step <= steps; step++) {
    for (const end = Math.floor((pixels * step) / steps); pixel < end; pixel++) {
      for (let channel = 0; channel < colors; channel++) {
        const value = samples[pixel * channels + channel] ?? 0;
        counts[value] = (counts[value] ?? 0) + 1;
      }
    }
    if (probabilityOfEvenPairs(counts) < surely) break;
    share = step / steps;
  }
  return share;
}

/** Probability that pairs as uneven as these, or more, come from equally frequent values. */
export function probabilityOfEvenPairs(counts: Uint32Array): number {
  let [chiSquare, pairs] = [0, 0];
  for (let value = 0; value + 1 < counts.length; value += 2) {
    const [even, odd] = [counts[value] ?? 0, counts[value + 1] ?? 0];
    const expected = (even + odd) / 2;
    if (expected <= minExpected) continue;
    chiSquare += (even - expected) ** 2 / expected;
    pairs++;
  }
  return pairs < 2 ? 0 : chiSquareTail(chiSquare, pairs - 1);
}

/** Upper tail of the chi-square distribution, by the cube root of Wilson and Hilferty: right to about 0.01 from 3 degrees on. */
function chiSquareTail(value: number, degrees: number): number {
  const spread = 2 / (9 * degrees);
  const z = (Math.cbrt(value / degrees) - (1 - spread)) / Math.sqrt(spread);
  return 1 / (1 + Math.exp(1.5976 * z + 0.070_56 * z ** 3));
}
