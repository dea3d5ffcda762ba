import type { BitReader } from './bit-reader.ts';
import type { JpegComponent, JpegFrame } from './frame.ts';
import type { HuffmanTable } from './huffman.ts';

/** One component of a scan with the tables that it is coded by. */
export interface ScanPart {
  readonly component: JpegComponent;
  readonly dc: HuffmanTable | undefined;
  readonly ac: HuffmanTable | undefined;
  /** Mean of the block before. */
  mean: number;
}

/** What a scan header says (ITU T.81, B.2.3), in its names: a band of coefficients, and which of their bits. */
export interface ScanHeader {
  readonly parts: readonly ScanPart[];
  readonly start: number;
  readonly end: number;
  readonly high: number;
  readonly low: number;
  /** Units between two restarts; 0 for none. */
  readonly restartInterval: number;
}

/** Decodes the blocks of one scan into the coefficients of its components (annexes F and G). False when its data are damaged. */
export class Scan {
  readonly #frame: JpegFrame;
  readonly #header: ScanHeader;
  readonly #bits: BitReader;
  readonly #block: (part: ScanPart, at: number) => boolean;
  /** Blocks without anything new in this band that are still to come. */
  #endOfBand = 0;
  #untilRestart: number;

  constructor(frame: JpegFrame, header: ScanHeader, bits: BitReader) {
    this.#frame = frame;
    this.#header = header;
    this.#bits = bits;
    this.#untilRestart = header.restartInterval;
    this.#block = this.#kindOfBlock();
  }

  /** How many blocks a scan of these parts visits. */
  static blocksOf({ unitsWide, unitsHigh }: JpegFrame, parts: readonly ScanPart[]): number {
    return parts.reduce((sum, { component }) => sum + unitsWide * unitsHigh * component.across * component.down, 0);
  }

  decode(): boolean {
    const [only, ...others] = this.#header.parts;
    if (only === undefined) return false;
    return others.length === 0 ? this.#decodeAlone(only) : this.#decodeUnits();
  }

  #decodeAlone(part: ScanPart): boolean {
    const { blocksWide, blocksHigh, blocksPerRow } = part.component;
    for (let row = 0; row < blocksHigh; row++) {
      for (let column = 0; column < blocksWide; column++) {
        if (!this.#beginUnit() || !this.#block(part, (row * blocksPerRow + column) * 64)) return false;
      }
    }
    return !this.#bits.isStarved;
  }

  #decodeUnits(): boolean {
    const { unitsWide, unitsHigh } = this.#frame;
    for (let row = 0; row < unitsHigh; row++) {
      for (let column = 0; column < unitsWide; column++) {
        if (!this.#beginUnit()) return false;
        for (const part of this.#header.parts) {
          if (!this.#decodeUnit(part, row, column)) return false;
        }
      }
    }
    return !this.#bits.isStarved;
  }

  #decodeUnit(part: ScanPart, row: number, column: number): boolean {
    const { across, down, blocksPerRow } = part.component;
    for (let below = 0; below < down; below++) {
      const first = (row * down + below) * blocksPerRow + column * across;
      for (let beside = 0; beside < across; beside++) {
        if (!this.#block(part, (first + beside) * 64)) return false;
      }
    }
    return true;
  }

  /** False where the data end early, or a restart is missing. */
  #beginUnit(): boolean {
    if (this.#bits.isStarved) return false;
    if (this.#header.restartInterval === 0) return true;
    if (this.#untilRestart === 0) {
      if (!this.#bits.restart()) return false;
      this.#untilRestart = this.#header.restartInterval;
      this.#endOfBand = 0;
      for (const part of this.#header.parts) part.mean = 0;
    }
    this.#untilRestart--;
    return true;
  }

  #kindOfBlock(): (part: ScanPart, at: number) => boolean {
    const { start, high } = this.#header;
    if (!this.#frame.isProgressive) return (part, at) => this.#mean(part, at) && this.#band(part, at, 1, 63);
    if (start === 0) return high === 0 ? (part, at) => this.#mean(part, at) : (part, at) => this.#meanBit(part, at);
    return high === 0 ? (part, at) => this.#firstBand(part, at) : (part, at) => this.#refineBand(part, at);
  }

  #mean(part: ScanPart, at: number): boolean {
    const size = part.dc?.read(this.#bits) ?? -1;
    if (size < 0 || size > 15) return false;
    part.mean += this.#bits.takeSigned(size);
    part.component.coefficients[at] = part.mean << this.#header.low;
    return true;
  }

  #meanBit({ component: { coefficients } }: ScanPart, at: number): boolean {
    coefficients[at] = (coefficients[at] ?? 0) | (this.#bits.take(1) << this.#header.low);
    return true;
  }

  #firstBand(part: ScanPart, at: number): boolean {
    if (this.#endOfBand > 0) {
      this.#endOfBand--;
      return true;
    }
    return this.#band(part, at, this.#header.start, this.#header.end);
  }

  #band({ component, ac }: ScanPart, at: number, start: number, end: number): boolean {
    if (ac === undefined) return false;
    const bits = this.#bits;
    for (let index = start; index <= end; index++) {
      const symbol = ac.read(bits);
      if (symbol < 0) return false;
      const [run, size] = [symbol >> 4, symbol & 15];
      if (size === 0 && run < 15) {
        if (run > 0 && !this.#frame.isProgressive) return false;
        this.#endOfBand = (1 << run) - 1 + bits.take(run);
        return true;
      }
      index += run;
      if (index > end) return false;
      if (size > 0) component.coefficients[at + index] = bits.takeSigned(size) << this.#header.low;
    }
    return true;
  }

  /** A further bit of the coefficients that are known, and those that become known by it (G.1.2.3). */
  #refineBand({ component: { coefficients }, ac }: ScanPart, at: number): boolean {
    const { start, end, low } = this.#header;
    let index = start;
    if (this.#endOfBand === 0) {
      for (; index <= end; index++) {
        const symbol = ac?.read(this.#bits) ?? -1;
        const [run, size] = [symbol >> 4, symbol & 15];
        if (symbol < 0 || size > 1) return false;
        if (size === 0 && run < 15) {
          this.#endOfBand = (1 << run) + this.#bits.take(run);
          break;
        }
        const sign = this.#bits.take(size) === 1 ? 1 : -1;
        index = this.#refineUpTo(coefficients, at, index, run);
        if (index > end) return size === 0;
        if (size === 1) coefficients[at + index] = sign * (1 << low);
      }
      if (this.#endOfBand === 0) return true;
    }
    this.#refineUpTo(coefficients, at, index, 64);
    this.#endOfBand--;
    return true;
  }

  /** Gives those that are known their bit, over `zeros` that are not; the place of the next one that is not. */
  #refineUpTo(coefficients: Int16Array, at: number, from: number, zeros: number): number {
    const { end, low } = this.#header;
    let left = zeros;
    let index = from;
    for (; index <= end; index++) {
      const value = coefficients[at + index] ?? 0;
      if (value === 0) {
        if (left-- === 0) break;
      } else if (this.#bits.take(1) === 1 && ((value < 0 ? -value : value) & (1 << low)) === 0) {
        coefficients[at + index] = value < 0 ? value - (1 << low) : value + (1 << low);
      }
    }
    return index;
  }
}
