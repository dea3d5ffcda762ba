/**
 * Unpacks a block of LZ4 (lz4/doc/lz4_Block_format.md) to exactly `size` bytes; undefined for a block that is damaged or
 * does not have that size.
 */
export function unpackLz4(block: Uint8Array, size: number): Buffer | undefined {
  const output = Buffer.alloc(size);
  let from = 0;
  let to = 0;
  const readLength = (start: number): number => {
    let length = start;
    if (start < 15) return length;
    for (let more = 255; more === 255 && from < block.length;) {
      more = block[from++] ?? 0;
      length += more;
    }
    return length;
  };
  while (from < block.length) {
    const token = block[from++] ?? 0;
    const literals = readLength(token >>> 4);
    if (from + literals > block.length || to + literals > size) return undefined;
    output.set(block.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    // The last sequence has literals only.
    if (from === block.length) break;
    const distance = (block[from] ?? 0) | ((block[from + 1] ?? 0) << 8);
    from += 2;
    const length = readLength(token & 15) + 4;
    if (from > block.length || distance === 0 || distance > to || to + length > size) return undefined;
    // Copied byte by byte: what is copied may be what was just written.
    for (let index = 0; index < length; index++, to++) output[to] = output[to - distance] ?? 0;
  }
  return to === size ? output : undefined;
}
