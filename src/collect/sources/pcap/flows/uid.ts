const digits = Buffer.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
/** All pairs of digits, as two characters each: half as many steps for an id that every flow needs. */
const pairs = Uint16Array.from({ length: 62 * 62 }, (_none, pair) => {
  const [first = 0, second = 0] = [digits[Math.floor(pair / 62)], digits[pair % 62]];
  return first | (second << 8);
});
const buffer = Buffer.alloc(18);

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
  writeSixDigits(first, 0);
  writeSixDigits(second, 6);
  writeSixDigits(third, 12);
  return prefix + buffer.toString('latin1');
}

function writeSixDigits(hash: number, at: number): void {
  const number = hash >>> 0;
  const rest = Math.floor(number / pairs.length);
  buffer.writeUInt16LE(pairs[number % pairs.length] ?? 0, at);
  buffer.writeUInt16LE(pairs[rest % pairs.length] ?? 0, at + 2);
  buffer.writeUInt16LE(pairs[Math.floor(rest / pairs.length)] ?? 0, at + 4);
}

function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 15), 0x2c1b_3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a_2d39);
  return hash ^ (hash >>> 15);
}
