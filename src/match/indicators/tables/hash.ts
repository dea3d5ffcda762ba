import { randomBytes } from 'node:crypto';

/** Chosen at start: a list's author cannot know which values share a place in our tables. Answers do not depend on it. */
const seed = randomBytes(4).readUInt32LE();

const prime = 0x01000193;
export const hashStart = seed | 1;

/** One step of a running hash (FNV-1a). */
export function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, prime);
}

/** Spreads a running hash over all 32 bits (the finaliser of MurmurHash3), unsigned. */
export function hashEnd(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Hash of a 32-bit number. */
export function hashNumber(value: number): number {
  return hashEnd(value ^ seed);
}
