import { VakthundError } from '../../base/errors.ts';

/** Bytes that a number below 2^53 takes at most. */
const maxBytes = 8;

/** Reads `count` whole numbers of seven bits a byte, the lowest first (LEB128). Throws `INTERNAL` when they are cut. */
export function readVarints(
  bytes: Uint8Array,
  start: number,
  count: number,
): { readonly values: Float64Array; readonly end: number } {
  const values = new Float64Array(count);
  let at = start;
  for (let index = 0; index < count; index++) {
    let value = 0;
    let scale = 1;
    for (let taken = 0; ; taken++) {
      const byte = bytes[at++];
      if (byte === undefined || taken === maxBytes) throw new VakthundError('INTERNAL', 'a packed number is cut');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 128;
    }
    values[index] = value;
  }
  return { values, end: at };
}

/** The bytes that `readVarints` reads. Whole numbers from 0 to 2^53 - 1. */
export function writeVarints(values: Iterable<number>): Uint8Array {
  const bytes: number[] = [];
  for (const value of values) {
    let rest = value;
    while (rest >= 128) {
      bytes.push((rest % 128) | 0x80);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}
