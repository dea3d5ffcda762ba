/**
 * A number of one to nine bytes, seven bits in each and eight in the last (sqlite.org/fileformat2.html, 1.6), and where it ends. Past the
 * end of the bytes it is infinite, so that any bound refuses it.
 */
export function readVarint(bytes: Buffer, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return { value: Number.POSITIVE_INFINITY, end: bytes.length };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  return { value: value * 256 + (bytes[at + 8] ?? 0), end: at + 9 };
}
