const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.split('');
/** All pairs of digits: half as many steps for an id that every flow needs. */
const pairs = digits.flatMap((first) => digits.map((second) => first + second));

/** Zeek's form of an id: a letter and base-62 digits of 96 bits, here a hash of the numbers. The same numbers give the same id. */
export function uidOf(prefix: string, numbers: readonly number[]): string {
  let [first, second, third] = [0x9e37_79b9, 0x3c6e_f372, 0xdaa6_6d2b];
  for (const number of numbers) {
    const low = number | 0;
    first = mix(first ^ low);
    second = mix(second ^ low);
    third = mix(third ^ low);
    if (number < 2 ** 32) continue;
    // Times are longer than 32 bits.
    const high = Math.floor(number / 2 ** 32);
    first = mix(first ^ high);
    second = mix(second ^ high);
    third = mix(third ^ high);
  }
  return prefix + sixDigits(first) + sixDigits(second) + sixDigits(third);
}

function sixDigits(hash: number): string {
  const number = hash >>> 0;
  const rest = Math.floor(number / pairs.length);
  return `${pairs[number % pairs.length]}${pairs[rest % pairs.length]}${pairs[Math.floor(rest / pairs.length)]}`;
}

function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 15), 0x2c1b_3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a_2d39);
  return hash ^ (hash >>> 15);
}
