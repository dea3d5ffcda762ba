import type { JpegComponent } from './frame.ts';

/** How evenly coefficients of one picture stand, up to a share of it. */
export interface PairStatistics {
  /** Share of the blocks, from the first, over which this holds; 0 to 1. */
  readonly share: number;
  /** Chi-square by degree of freedom of the pairs that a message makes even: about 1 when they are, and more the further they are from it. */
  readonly even: number;
  /** The same of the pairs between them, which a message makes more uneven than a picture has them. */
  readonly between: number;
}

const steps = 20;
const center = 2048;
const largest = 40;
/** Pairs that are rarer do not count, as the test demands. */
const minInPair = 11;
/** Fewer pairs than these may be even by chance. */
const minPairs = 3;
/** Of even pairs one in twenty is that uneven by chance; the chi-square of three pairs at most is 2.6 then, of many hardly over 1. */
const evenAt = 1.645;
/**
 * A picture has its values the rarer the larger they are, or, where it is coded finely, all nearly as often: then both kinds of pairs are
 * alike. That pairs are even and those between them are this uneven only a message brings about.
 */
const unevenAt = 20;

/** Values that differ in their lowest bit; 0 and 1 are left as they are by tools that write so. */
const evened = pairsFrom(2);
const shifted = pairsFrom(1);

/** Places of the first of each pair, of which the second is the next. */
function pairsFrom(first: number): number[] {
  const places: number[] = [];
  for (let value = first; value < largest; value += 2) {
    places.push(center + value, center - value - (first === 2 ? 0 : 2));
  }
  return places;
}

/**
 * The largest share of a component, from its first block on, over which coefficients that differ in their lowest bit alone are equally
 * frequent, as JSteg makes them (Westfeld and Pfitzmann, 1999); undefined when there is none.
 */
export function evenPairs({ coefficients }: JpegComponent): PairStatistics | undefined {
  const counts = new Uint32Array(2 * center);
  const blocks = coefficients.length / 64;
  let found: PairStatistics | undefined;
  for (let step = 1, block = 0; step <= steps; step++) {
    for (const end = Math.floor((blocks * step) / steps); block < end; block++) {
      for (let at = block * 64 + 1; at < block * 64 + 64; at++) {
        const place = center + (coefficients[at] ?? 0);
        counts[place] = (counts[place] ?? 0) + 1;
      }
    }
    const [even, between] = [unevenness(counts, evened), unevenness(counts, shifted)];
    const bound = even.pairs < minPairs ? 0 : 1 + evenAt * Math.sqrt(2 / even.pairs);
    const isWritten = even.value <= bound && between.pairs >= minPairs && between.value >= unevenAt;
    if (isWritten) found = { share: step / steps, even: even.value, between: between.value };
  }
  return found;
}

interface Unevenness {
  readonly pairs: number;
  readonly value: number;
}

function unevenness(counts: Uint32Array, places: readonly number[]): Unevenness {
  let [pairs, sum] = [0, 0];
  for (const place of places) {
    const [one, other] = [counts[place] ?? 0, counts[place + 1] ?? 0];
    if (one + other < minInPair) continue;
    sum += (one - other) ** 2 / (one + other);
    pairs++;
  }
  return { pairs, value: pairs === 0 ? 0 : sum / pairs };
}
