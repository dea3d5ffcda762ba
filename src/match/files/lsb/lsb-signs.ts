import type { Reason, Severity } from '../../../events/finding.ts';
import type { Picture } from '../png/decode.ts';
import { steganography, type Notes } from '../sign.ts';
import { sequentialShare } from './chi-square.ts';
import { estimateByRs } from './rs-analysis.ts';
import { estimateBySamplePairs } from './sample-pairs.ts';

/** Share of lowest bits from which on a message is claimed, as a mean over the channels: clean photos stay below it by both estimates. */
const leastShare = 0.05;
/** The same for one channel alone, which scatters more. */
const leastShareOfChannel = 0.1;
/** Of runs of four pixels, how many may be of one colour: drawings and screenshots have more, and mislead both estimates up to 0.15. */
const maxFlatShare = 0.5;
const leastShareOfDrawing = 0.2;
/** Estimates of smaller pictures scatter too much. */
const minPixels = 40_000;

/** A message that was written in sequence has the length that RS analysis estimates, so nearly; clean photos can seem to have any. */
const agreement = 0.15;

const what = 'lowest bits of the pixels';

/** Looks for a message in the lowest bits of a picture, and notes what was measured or why it was not. `at` is where its data begin. */
export function noteLowestBits(picture: Picture, at: number, notes: Notes): void {
  if (picture.width * picture.height < minPixels) {
    notes.notChecked.push({ what, why: `the picture has fewer than ${minPixels} pixels` });
    return;
  }
  const estimates = estimate(picture);
  if (estimates === undefined) {
    notes.notChecked.push({ what, why: 'the picture is too flat or too noisy for an estimate' });
    return;
  }
  const { rs, pairs, strongest } = estimates;
  const measured: Reason[] = [
    { what: 'share of lowest bits that carry a message, by RS analysis', value: rs.toFixed(3) },
    { what: 'the same by sample pairs', value: pairs.toFixed(3) },
    { what: 'most in one channel, by both', value: strongest.toFixed(3) },
  ];
  notes.measured.push(...measured);
  const flat = flatShareOf(picture);
  const mean = Math.min(rs, pairs);
  if (flat > maxFlatShare && mean < leastShareOfDrawing) {
    const why = `${Math.round(flat * 100)} % of the picture is of one colour: less than ${leastShareOfDrawing} means nothing there`;
    notes.notChecked.push({ what, why });
    return;
  }
  if (mean < leastShare && strongest < leastShareOfChannel) return;
  const [severity, score] = weigh(Math.max(mean, strongest));
  const sequential = picture.samples instanceof Uint8Array ? sequentialShare(picture) : 0;
  const isSequential = sequential > 0 && Math.abs(sequential - rs) <= agreement;
  const place = {
    what: 'in sequence from the first pixel up to this share (chi-square)',
    value: sequential.toFixed(2),
  };
  notes.signs.push({
    id: 'lsb',
    title: `message in the lowest bits of about ${Math.round(rs * 100)} % of the samples`,
    severity,
    score,
    at,
    attack: [steganography],
    reasons: isSequential ? [...measured, place] : measured,
  });
}

interface Estimates {
  /** Means over the channels. */
  readonly rs: number;
  readonly pairs: number;
  /** The largest share of a channel that both estimates reach. */
  readonly strongest: number;
}

/** Undefined when no channel can be estimated both ways. */
function estimate(picture: Picture): Estimates | undefined {
  const channels = Array.from({ length: picture.colors }, (_, channel) => {
    const [rs, pairs] = [estimateByRs(picture, channel), estimateBySamplePairs(picture, channel)];
    return rs === undefined || pairs === undefined ? [] : [{ rs, pairs }];
  }).flat();
  if (channels.length === 0) return undefined;
  return {
    rs: channels.reduce((sum, { rs }) => sum + rs, 0) / channels.length,
    pairs: channels.reduce((sum, { pairs }) => sum + pairs, 0) / channels.length,
    strongest: Math.max(...channels.map(({ rs, pairs }) => Math.min(rs, pairs))),
  };
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
