import type { Picture } from '../png/decode.ts';
import { nearerRoot } from './quadratic.ts';

/**
 * The same share as `estimateByRs`, from pairs of neighbours in a row (Dumitrescu, Wu, Wang: Detection of LSB steganography via sample
 * pair analysis, 2003). The two err on different pictures. Undefined when there are no pairs to tell it by.
 */
export function estimateBySamplePairs(
  { width, height, channels, samples }: Picture,
  channel: number,
): number | undefined {
  let [equal, sameButLowest, towards, away] = [0, 0, 0, 0];
  for (let row = 0; row < height; row++) {
    let at = row * width * channels + channel;
    for (let column = 1; column < width; column++, at += channels) {
      const [left, right] = [samples[at] ?? 0, samples[at + channels] ?? 0];
      if (left === right) {
        equal++;
        continue;
      }
      if (left >> 1 === right >> 1) sameButLowest++;
      // Turning over the lowest bit of the right one moves it away from an even, smaller left one, and so on.
      if (left < right === ((right & 1) === 0)) away++;
      else towards++;
    }
  }
  const pairs = height * Math.max(0, width - 1);
  const share = nearerRoot((sameButLowest + equal) / 2, 2 * away - pairs, towards - away);
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : undefined;
}
