/**
 * A grey sequential JPEG of these quantised coefficients: 64 to each block in zigzag order, `blocksWide` to each row. Each symbol has a code of
 * eight bits. Coefficients above 1023, and means that differ by more than 2047, it cannot hold.
 */
export function jpegOf(coefficients: Int16Array, blocksWide: number): Uint8Array {
  const blocks = coefficients.length / 64;
  const [width, height] = [blocksWide * 8, (blocks / blocksWide) * 8];
  const symbols = Array.from({ length: 176 }, (_, index) => (Math.floor(index / 11) << 4) | (index % 11));
  const table = [0, 0, 0, 0, 0, 0, 0, symbols.length, 0, 0, 0, 0, 0, 0, 0, 0, ...symbols];
  const means = [0, 0, 0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, ...Array(12).keys()];
  const bits = new BitWriter();
  const codeOf = new Map(symbols.map((symbol, code) => [symbol, code]));
  for (let block = 0, mean = 0; block < blocks; block++) {
    const at = block * 64;
    const difference = (coefficients[at] ?? 0) - mean;
    mean += difference;
    bits.put(sizeOf(difference), 8);
    bits.putSigned(difference);
    let zeros = 0;
    for (const value of coefficients.subarray(at + 1, at + 64)) {
      if (value === 0) {
        zeros++;
        continue;
      }
      for (; zeros > 15; zeros -= 16) bits.put(codeOf.get(0xf0) ?? 0, 8);
      bits.put(codeOf.get((zeros << 4) | sizeOf(value)) ?? 0, 8);
      bits.putSigned(value);
      zeros = 0;
    }
    if (zeros > 0) bits.put(codeOf.get(0) ?? 0, 8);
  }
  return Uint8Array.from([
    0xff,
    0xd8,
    ...segment(0xdb, [0, ...Array<number>(64).fill(8)]),
    ...segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]),
    ...segment(0xc4, [0, ...means]),
    ...segment(0xc4, [0x10, ...table]),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    ...bits.bytes(),
    0xff,
    0xd9,
  ]);
}

function segment(marker: number, content: readonly number[]): number[] {
  const length = content.length + 2;
  return [0xff, marker, length >> 8, length & 255, ...content];
}

function sizeOf(value: number): number {
  return 32 - Math.clz32(Math.abs(value));
}

class BitWriter {
  readonly #bytes: number[] = [];
  #bits = 0;
  #count = 0;

  put(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) {
      this.#bits = (this.#bits << 1) | ((value >> bit) & 1);
      if (++this.#count < 8) continue;
      this.#bytes.push(this.#bits, ...(this.#bits === 0xff ? [0] : []));
      [this.#bits, this.#count] = [0, 0];
    }
  }

  putSigned(value: number): void {
    const size = sizeOf(value);
    this.put(value < 0 ? value + (1 << size) - 1 : value, size);
  }

  /** The rest of the last byte is ones. */
  bytes(): readonly number[] {
    while (this.#count > 0) this.put(1, 1);
    return this.#bytes;
  }
}
