import type { Picture } from '../png/decode.ts';
import { nearerRoot } from './quadratic.ts';

const groupSize = 4;
/** Least difference, as a share of the groups, that flipping must make: a noisy or empty picture says nothing. */
const minContrast = 0.02;

/**
 * Share of the samples of one channel whose lowest bit was overwritten with a message, 0 to 1, as RS analysis estimates it
 * (Fridrich, Goljan, Du: Reliable detection of LSB steganography in color and grayscale images, 2001). Groups of four pixels in a row,
 * mask 0 1 1 0. Undefined when the picture is too flat or too noisy for an estimate.
 */
export function estimateByRs(picture: Picture, channel: number): number | undefined {
  const asIs = countGroups(picture, channel, 0);
  if (asIs.groups === 0) return undefined;
  const flipped = countGroups(picture, channel, 1);
  const [d0, d1] = [asIs.plus / asIs.groups, flipped.plus / asIs.groups];
  const [n0, n1] = [asIs.minus / asIs.groups, flipped.minus / asIs.groups];
  if (Math.max(Math.abs(d0), Math.abs(n0)) < minContrast) return undefined;
  const root = nearerRoot(2 * (d1 + d0), n0 - n1 - d1 - 3 * d0, d0 - n0);
  // Both curves of the whole message meet at one point: the root runs away to infinity.
  const share = Number.isFinite(root) ? root / (root - 0.5) : 1;
  return Math.min(1, Math.max(0, share));
}

interface GroupCounts {
  readonly groups: number;
  /** Regular less singular groups under the flip 0↔1, 2↔3 …, and under its shifted twin -1↔0, 1↔2 …. */
  readonly plus: number;
  readonly minus: number;
}

/** `invert` is 1 to count with all lowest bits turned over. */
function countGroups({ width, height, channels, samples }: Picture, channel: number, invert: number): GroupCounts {
  let [groups, plus, minus] = [0, 0, 0];
  const perRow = Math.floor(width / groupSize);
  for (let row = 0; row < height; row++) {
    let at = row * width * channels + channel;
    for (let group = 0; group < perRow; group++, at += groupSize * channels) {
      const a = (samples[at] ?? 0) ^ invert;
      const b = (samples[at + channels] ?? 0) ^ invert;
      const c = (samples[at + 2 * channels] ?? 0) ^ invert;
      const d = (samples[at + 3 * channels] ?? 0) ^ invert;
      const before = variation(a, b, c, d);
      plus += Math.sign(variation(a, b ^ 1, c ^ 1, d) - before);
      minus += Math.sign(variation(a, ((b + 1) ^ 1) - 1, ((c + 1) ^ 1) - 1, d) - before);
    }
    groups += perRow;
  }
  return { groups, plus, minus };
}

function variation(a: number, b: number, c: number, d: number): number {
  return Math.abs(b - a) + Math.abs(c - b) + Math.abs(d - c);
}
