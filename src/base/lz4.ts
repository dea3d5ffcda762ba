/**
 * Unpacks a block of LZ4 (lz4/doc/lz4_Block_format.md) to exactly `size` bytes; undefined for a block that is damaged or
 * does not have that size.
 */
export function unpackLz4(block: Uint8Array, size: number): Buffer | undefined {
  const output = Buffer.alloc(size);
  return unpackBlock(block, output, 0) === size ? output : undefined;
}

/** Unpacks a block behind what stands in `output` before `start`, which it may copy from. The end of it; undefined for a damaged one. */
function unpackBlock(block: Uint8Array, output: Buffer, start: number): number | undefined {
  const size = output.length;
  let from = 0;
  let to = start;
  const readLength = (first: number): number => {
    let length = first;
    if (first < 15) return length;
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
  return to;
}

const frameMagic = 0x18_4d_22_04;

export function isLz4Frame(bytes: Buffer): boolean {
  return bytes.length >= 7 && bytes.readUInt32LE(0) === frameMagic;
}

/**
 * Unpacks one frame of LZ4 (lz4/doc/lz4_Frame_format.md); checksums are not compared. Undefined for what is damaged, needs a
 * dictionary, or has more than `maxBytes`.
 */
export function unpackLz4Frame(bytes: Buffer, maxBytes: number): Buffer | undefined {
  if (!isLz4Frame(bytes)) return undefined;
  const flags = bytes[4] ?? 0;
  const [hasBlockSums, hasSize, needsDictionary] = [flags & 0x10, flags & 0x08, flags & 0x01];
  const maxBlock = 1 << (8 + 2 * (((bytes[5] ?? 0) >>> 4) & 7));
  if (flags >>> 6 !== 1 || needsDictionary !== 0) return undefined;
  let from = hasSize === 0 ? 7 : 15;
  let output = Buffer.allocUnsafe(Math.min(bytes.length * 4 + maxBlock, maxBytes));
  let to = 0;
  while (from + 4 <= bytes.length) {
    const word = bytes.readUInt32LE(from);
    from += 4;
    if (word === 0) return output.subarray(0, to);
    const block = bytes.subarray(from, from + (word & 0x7f_ff_ff_ff));
    from += block.length + (hasBlockSums === 0 ? 0 : 4);
    if (to + maxBlock > output.length && output.length < maxBytes) {
      const larger = Buffer.allocUnsafe(Math.min(output.length * 2 + maxBlock, maxBytes));
      output.copy(larger, 0, 0, to);
      output = larger;
    }
    const end = word >= 0x80_00_00_00 ? storeBlock(block, output, to) : unpackBlock(block, output, to);
    if (end === undefined) return undefined;
    to = end;
  }
  return undefined;
}

/** A block that is not compressed. */
function storeBlock(block: Uint8Array, output: Buffer, start: number): number | undefined {
  if (start + block.length > output.length) return undefined;
  output.set(block, start);
  return start + block.length;
}
