import type { Reason, Severity } from '../../../events/finding.ts';
import type { Picture } from '../png/decode.ts';
import { steganography, type Notes } from '../sign.ts';
import { sequentialShare } from './chi-square.ts';
import { estimateByRs } from './rs-analysis.ts';
import { estimateBySamplePairs } from './sample-pairs.ts';

/** Share of lowest bits from which on a message is claimed: clean photos stay below it by both estimates. */
const leastShare = 0.05;
/** Estimates of smaller pictures scatter too much. */
const minPixels = 40_000;
/** Of runs of four pixels, how many may be of one colour: drawings and screenshots have more, and mislead the estimates. */
const maxFlatShare = 0.5;

/** A message that was written in sequence has the length that RS analysis estimates, so nearly; clean photos can seem to have any. */
const agreement = 0.15;

const what = 'lowest bits of the pixels';

/** Looks for a message in the lowest bits of a picture, and notes what was measured or why it was not. `at` is where its data begin. */
export function noteLowestBits(picture: Picture, at: number, notes: Notes): void {
  const { width, height, colors } = picture;
  const flat = flatShareOf(picture);
  if (width * height < minPixels) {
    notes.notChecked.push({ what, why: `the picture has fewer than ${minPixels} pixels` });
    return;
  }
  if (flat > maxFlatShare) {
    const why = `${Math.round(flat * 100)} % of it is of one colour, and the estimates hold for photos alone`;
    notes.notChecked.push({ what, why });
    return;
  }
  const channels = Array.from({ length: colors }, (_, channel) => ({
    rs: estimateByRs(picture, channel),
    pairs: estimateBySamplePairs(picture, channel),
  }));
  const rs = meanOf(channels.map((channel) => channel.rs));
  const pairs = meanOf(channels.map((channel) => channel.pairs));
  if (rs === undefined || pairs === undefined) {
    notes.notChecked.push({ what, why: 'the picture is too noisy for an estimate' });
    return;
  }
  const estimates: Reason[] = [
    { what: 'share of lowest bits that carry a message, by RS analysis', value: rs.toFixed(3) },
    { what: 'the same by sample pairs', value: pairs.toFixed(3) },
  ];
  notes.measured.push(...estimates);
  if (Math.min(rs, pairs) < leastShare) return;
  const [severity, score] = weigh(Math.min(rs, pairs));
  const sequential = picture.samples instanceof Uint8Array ? sequentialShare(picture) : 0;
  notes.signs.push({
    id: 'lsb',
    title: `message in the lowest bits of about ${Math.round(rs * 100)} % of the samples`,
    severity,
    score,
    at,
    attack: [steganography],
    reasons: [
      ...estimates,
      ...(Math.abs(sequential - rs) > agreement
        ? []
        : [{ what: 'in sequence from the first pixel up to this share (chi-square)', value: sequential.toFixed(2) }]),
    ],
  });
}

function weigh(share: number): readonly [Severity, number] {
  if (share >= 0.2) return ['high', 0.8];
  return share >= 0.1 ? ['medium', 0.6] : ['low', 0.4];
}

/** Share of runs of four pixels that have one colour. */
function flatShareOf(picture: Picture): number {
  const { width, height, channels } = picture;
  let [runs, flat] = [0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column + runPixels <= width; column += runPixels) {
      runs++;
      if (isFlatRun(picture, (row * width + column) * channels)) flat++;
    }
  }
  return runs === 0 ? 1 : flat / runs;
}

const runPixels = 4;

function isFlatRun({ channels, colors, samples }: Picture, start: number): boolean {
  for (let color = 0; color < colors; color++) {
    const first = samples[start + color];
    for (let pixel = 1; pixel < runPixels; pixel++) {
      if (samples[start + pixel * channels + color] !== first) return false;
    }
  }
  return true;
}

/** Mean of the values that are known; undefined when none is. */
function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}
