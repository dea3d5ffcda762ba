/** One colour of a JPEG with its quantised coefficients. */
export interface JpegComponent {
  readonly id: number;
  /** Blocks of this component in one unit of an interleaved scan. */
  readonly across: number;
  readonly down: number;
  /** Number of its quantisation table. */
  readonly table: number;
  /** Blocks that show the picture, and those that are held, which fill whole units. */
  readonly blocksWide: number;
  readonly blocksHigh: number;
  readonly blocksPerRow: number;
  readonly blockRows: number;
  /** 64 to each block in zigzag order, of which the first is the mean. */
  readonly coefficients: Int16Array;
}

export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly isProgressive: boolean;
  readonly unitsWide: number;
  readonly unitsHigh: number;
  readonly components: readonly JpegComponent[];
}

/** 600,000 blocks are a photo of 25 million pixels, and 77 MB of coefficients. */
const maxBlocks = 600_000;
const blockSide = 8;

/** The frame that a start-of-frame segment announces (ITU T.81, B.2.2); `size` is that of the file in bytes. */
export function readFrame(segment: Uint8Array, isProgressive: boolean, size: number): JpegFrame | { fault: string } {
  if (segment[0] !== 8) return { fault: 'its samples have not 8 bits' };
  const height = u16(segment, 1);
  const width = u16(segment, 3);
  const count = segment[5] ?? 0;
  if (width === 0 || height === 0) return { fault: 'it does not say how large it is' };
  if (count === 0 || count > 4 || segment.length < 6 + 3 * count) return { fault: 'its header is damaged' };
  const factors = Array.from({ length: count }, (_, index) => segment[7 + 3 * index] ?? 0);
  const [across, down] = [factors.map((factor) => factor >> 4), factors.map((factor) => factor & 15)];
  if ([...across, ...down].some((factor) => factor < 1 || factor > 4)) return { fault: 'its header is damaged' };
  const [most, deepest] = [Math.max(...across), Math.max(...down)];
  const unitsWide = Math.ceil(width / (blockSide * most));
  const unitsHigh = Math.ceil(height / (blockSide * deepest));
  const blocks = factors.reduce((sum, factor) => sum + unitsWide * unitsHigh * (factor >> 4) * (factor & 15), 0);
  if (blocks > maxBlocks) return { fault: `it has more than ${maxBlocks} blocks` };
  // The mean of each takes a bit at least.
  if (blocks > 8 * size) return { fault: 'it is too short for its size' };
  const components = factors.map((_, index): JpegComponent => {
    const [wide, high] = [across[index] ?? 1, down[index] ?? 1];
    const [blocksPerRow, blockRows] = [unitsWide * wide, unitsHigh * high];
    return {
      id: segment[6 + 3 * index] ?? 0,
      across: wide,
      down: high,
      table: segment[8 + 3 * index] ?? 0,
      blocksWide: Math.ceil(Math.ceil((width * wide) / most) / blockSide),
      blocksHigh: Math.ceil(Math.ceil((height * high) / deepest) / blockSide),
      blocksPerRow,
      blockRows,
      coefficients: new Int16Array(blocksPerRow * blockRows * 64),
    };
  });
  return { width, height, isProgressive, unitsWide, unitsHigh, components };
}

export function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
