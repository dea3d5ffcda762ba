const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.split('');
/** All pairs of digits: half as many steps for an id that every flow needs. */
const pairs = digits.flatMap((first) => digits.map((second) => first + second));

/** Zeek's form of an id: a letter and base-62 digits of 96 bits, here a hash of the numbers. The same numbers give the same id. */
export function uidOf(prefix: string, numbers: readonly number[]): string {
  let text = prefix;
  for (let lane = 1; lane <= 3; lane++) {
    let hash = Math.imul(lane, 0x9e37_79b9);
    for (const number of numbers) {
      hash = mix(hash ^ (number | 0));
      // Times are longer than 32 bits.
      if (number >= 2 ** 32) hash = mix(hash ^ Math.floor(number / 2 ** 32));
    }
    let rest = hash >>> 0;
    for (let pair = 0; pair < 3; pair++) {
      text += pairs[rest % pairs.length];
      rest = Math.floor(rest / pairs.length);
    }
  }
  return text;
}

function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 15), 0x2c1b_3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a_2d39);
  return hash ^ (hash >>> 15);
}
