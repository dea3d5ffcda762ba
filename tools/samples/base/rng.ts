import { createHash } from 'node:crypto';

/**
 * Numbers that look random and are the same on every machine. Only integer and exact binary arithmetic is
 * used: no `Math.log` or `Math.sin`, whose last bit may differ between engines.
 */
export interface Rng {
  /** 0 <= x < 1. */
  fraction(): number;
  /** A whole number, both ends included. */
  integer(low: number, high: number): number;
  /** `middle` plus or minus up to `share` of it, evenly spread. */
  around(middle: number, share: number): number;
  /** Whole numbers of which most are near `low` and few near `high`: sizes and pauses. */
  skewed(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Lower-case hexadecimal. */
  hex(digits: number): string;
}

/** A generator of its own for each name: a new caller does not change what the others draw. */
export function createRng(seed: string): Rng {
  const next = sfc32(createHash('sha256').update(seed).digest());
  const fraction = (): number => next() / 0x1_0000_0000;
  const integer = (low: number, high: number): number => low + Math.floor(fraction() * (high - low + 1));
  return {
    fraction,
    integer,
    around: (middle, share) => middle * (1 - share + 2 * share * fraction()),
    skewed(low, high) {
      const x = fraction();
      return low + Math.floor((high - low) * x * x * x);
    },
    chance: (probability) => fraction() < probability,
    pick<T>(list: readonly T[]): T {
      const chosen = list[integer(0, list.length - 1)];
      if (chosen === undefined) throw new RangeError('cannot pick from an empty list');
      return chosen;
    },
    hex: (digits) => Array.from({ length: digits }, () => integer(0, 15).toString(16)).join(''),
  };
}

/** Chris Doty-Humphrey's SFC32 (PractRand). */
function sfc32(seed: Buffer): () => number {
  let a = seed.readUInt32LE(0);
  let b = seed.readUInt32LE(4);
  let c = seed.readUInt32LE(8);
  let counter = 1;
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
}
