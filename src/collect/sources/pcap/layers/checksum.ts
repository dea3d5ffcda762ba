/**
 * Ones' complement sum over bytes (RFC 1071), folded to 16 bits, in the byte order of the machine that reads little-endian:
 * byte order does not matter to whether a checksum holds.
 */
export function sumBytes(view: DataView, start: number, end: number, initial = 0): number {
  let sum = initial;
  let at = start;
  // 2^16 is 1 modulo 2^16 - 1, so that whole words can be summed; the sum of a megabyte stays exact.
  for (; at + 16 <= end; at += 16) {
    sum += view.getUint32(at, true) + view.getUint32(at + 4, true);
    sum += view.getUint32(at + 8, true) + view.getUint32(at + 12, true);
  }
  for (; at + 2 <= end; at += 2) sum += view.getUint16(at, true);
  if (at < end) sum += view.getUint8(at);
  return fold(sum);
}

/** Adds words of a pseudo header, given in network order. */
export function addWord32(sum: number, word: number): number {
  const swapped = ((word & 0xff00_ff00) >>> 8) | ((word & 0x00ff_00ff) << 8);
  return sum + (swapped & 0xffff) + (swapped >>> 16);
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x1_0000) + Math.floor(folded / 0x1_0000);
  return folded;
}

/** A sum that contains its own checksum is all ones when nothing was changed. */
export function isIntact(sum: number): boolean {
  return fold(sum) === 0xffff;
}
