import { BitReader } from './bit-reader.ts';
import { readFrame, u16, type JpegFrame } from './frame.ts';
import { HuffmanTable } from './huffman.ts';
import { Scan, type ScanPart } from './scan.ts';

/** A JPEG as it is stored: quantised coefficients, and the tables of quantisation by number, in zigzag order. */
export interface Jpeg {
  readonly frame: JpegFrame;
  readonly quantization: readonly (Uint16Array | undefined)[];
}

/** Progressive files have ten scans; each may visit all blocks with hardly any bytes, so all of them together are bounded. */
const maxVisitsPerBlock = 40;
/** Tables of codes that are built; optimised progressive files have two for each scan. */
const maxTables = 200;

/** Huffman-coded JPEG, sequential or progressive, 8 bits (ITU T.81). Takes at most 80 MB, and a few seconds for the largest that it takes. */
export function decodeJpeg(bytes: Uint8Array): Jpeg | { fault: string } {
  const decoder = new Decoder(bytes);
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) {
      at++;
      continue;
    }
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xd9) return decoder.result();
    if (marker === 0xff || marker === 0 || marker === 1 || (marker & 0xf8) === 0xd0) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const length = u16(bytes, at + 2);
    if (length < 2 || at + 2 + length > bytes.length) break;
    const fault = decoder.segment(marker, bytes.subarray(at + 4, at + 2 + length), at + 2 + length);
    if (fault !== undefined) return { fault };
    at += 2 + length;
  }
  // The EOI is two bytes.
  return bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9 ? decoder.result() : { fault: 'it ends before its EOI marker' };
}

class Decoder {
  readonly #bytes: Uint8Array;
  readonly #quantization: (Uint16Array | undefined)[] = [undefined, undefined, undefined, undefined];
  readonly #codes: readonly (HuffmanTable | undefined)[][] = [[], []];
  #tables = 0;
  #frame: JpegFrame | undefined;
  #restartInterval = 0;
  #visits = 0;
  #scans = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  result(): Jpeg | { fault: string } {
    if (this.#frame === undefined || this.#scans === 0) return { fault: 'it holds no picture' };
    return { frame: this.#frame, quantization: this.#quantization };
  }

  /** Takes one segment up; `next` is where its data, if any, begin. Gives the fault that ends the decoding. */
  segment(marker: number, segment: Uint8Array, next: number): string | undefined {
    switch (marker) {
      case 0xdb:
        return this.#quantizationTables(segment);
      case 0xc4:
        return this.#codeTables(segment);
      case 0xc0:
      case 0xc1:
      case 0xc2:
        return this.#startFrame(segment, marker === 0xc2);
      case 0xdd:
        this.#restartInterval = u16(segment, 0);
        return undefined;
      case 0xda:
        return this.#scan(segment, next);
      case 0xcc:
        return undefined;
      default:
        return marker >= 0xc3 && marker <= 0xcf ? 'it is lossless, hierarchical or coded arithmetically' : undefined;
    }
  }

  #startFrame(segment: Uint8Array, isProgressive: boolean): string | undefined {
    if (this.#frame !== undefined) return 'it has two frames';
    const frame = readFrame(segment, isProgressive, this.#bytes.length);
    if ('fault' in frame) return frame.fault;
    this.#frame = frame;
    return undefined;
  }

  #quantizationTables(segment: Uint8Array): string | undefined {
    for (let at = 0; at < segment.length;) {
      const head = segment[at] ?? 0;
      const width = head >> 4 === 0 ? 1 : 2;
      const start = at + 1;
      at = start + 64 * width;
      if (at > segment.length || (head & 15) > 3) return 'a table of quantisation is damaged';
      const table = Uint16Array.from({ length: 64 }, (_, index) =>
        width === 1 ? (segment[start + index] ?? 0) : u16(segment, start + 2 * index),
      );
      this.#quantization[head & 15] = table;
    }
    return undefined;
  }

  #codeTables(segment: Uint8Array): string | undefined {
    for (let at = 0; at < segment.length;) {
      const head = segment[at] ?? 0;
      const counts = segment.subarray(at + 1, at + 17);
      const values = counts.reduce((sum, count) => sum + count, 0);
      const start = at + 17;
      at = start + values;
      if (at > segment.length || values > 256 || (head & 15) > 3 || head >> 4 > 1) return 'a table of codes is damaged';
      if (++this.#tables > maxTables) return `it has more than ${maxTables} tables of codes`;
      const tables = this.#codes[head >> 4];
      if (tables !== undefined) tables[head & 15] = new HuffmanTable(counts, segment.slice(start, at));
    }
    return undefined;
  }

  #scan(segment: Uint8Array, next: number): string | undefined {
    const frame = this.#frame;
    const count = segment[0] ?? 0;
    if (frame === undefined || count < 1 || count > 4 || segment.length < 4 + 2 * count) return 'a scan is damaged';
    const parts = this.#partsOf(frame, segment.subarray(1, 1 + 2 * count));
    if (parts === undefined) return 'a scan is damaged';
    const [start, end, bits] = segment.subarray(1 + 2 * count);
    const [first = 0, last = 0, approximation = 0] = [start, end, bits];
    if (frame.isProgressive && (first > last || last > 63 || (approximation & 15) > 13)) return 'a scan is damaged';
    const all = frame.components.reduce((sum, { coefficients }) => sum + coefficients.length / 64, 0);
    this.#visits += Scan.blocksOf(frame, parts);
    if (this.#visits > all * maxVisitsPerBlock) return 'it has too many scans';
    const header = frame.isProgressive
      ? { start: first, end: last, high: approximation >> 4, low: approximation & 15 }
      : { start: 0, end: 63, high: 0, low: 0 };
    this.#scans++;
    const scan = new Scan(
      frame,
      { parts, ...header, restartInterval: this.#restartInterval },
      new BitReader(this.#bytes, next),
    );
    return scan.decode() ? undefined : `the data of scan ${this.#scans} are damaged`;
  }

  /** The components of a scan with their tables; undefined when it names one that the frame has not. */
  #partsOf(frame: JpegFrame, named: Uint8Array): readonly ScanPart[] | undefined {
    const parts: ScanPart[] = [];
    for (let at = 0; at < named.length; at += 2) {
      const component = frame.components.find(({ id }) => id === named[at]);
      const tables = named[at + 1] ?? 0;
      if (component === undefined) return undefined;
      parts.push({ component, dc: this.#codes[0]?.[tables >> 4], ac: this.#codes[1]?.[tables & 15], mean: 0 });
    }
    return parts;
  }
}
