/**
 * Ones' complement sum over bytes (RFC 1071), folded to 16 bits, in the byte order of the machine that reads little-endian:
 * byte order does not matter to whether a checksum holds.
 */
export function sumBytes(view: DataView, start: number, end: number, initial = 0): number {
  let sum = fold(initial);
  let at = start;
  while (at + 16 <= end) {
    const stop = Math.min(end - 15, at + blockBytes);
    // Halves are summed apart: integers throughout, where sums of whole words would have to be floating-point numbers.
    let low = sum;
    let high = 0;
    for (; at < stop; at += 16) {
      const one = view.getInt32(at, true);
      const two = view.getInt32(at + 4, true);
      const three = view.getInt32(at + 8, true);
      const four = view.getInt32(at + 12, true);
      low = (low + (one & 0xffff) + (two & 0xffff) + (three & 0xffff) + (four & 0xffff)) | 0;
      high = (high + (one >>> 16) + (two >>> 16) + (three >>> 16) + (four >>> 16)) | 0;
    }
    sum = fold(fold(low) + fold(high));
  }
  for (; at + 2 <= end; at += 2) sum += view.getUint16(at, true);
  if (at < end) sum += view.getUint8(at);
  return fold(sum);
}

/** As long as this the sum of 16-bit halves of words stays within 31 bits. */
const blockBytes = 64 * 1024;

/** Adds words of a pseudo header, given in network order. */
export function addWord32(sum: number, word: number): number {
  const swapped = ((word & 0xff00_ff00) >>> 8) | ((word & 0x00ff_00ff) << 8);
  return sum + (swapped & 0xffff) + (swapped >>> 16);
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return folded;
}

/** A sum that contains its own checksum is all ones when nothing was changed. */
export function isIntact(sum: number): boolean {
  return fold(sum) === 0xffff;
}
