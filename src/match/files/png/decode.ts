import { inflateSync, constants } from 'node:zlib';
import { messageOf } from '../../../base/errors.ts';
import type { PngChunk } from './chunks.ts';
import { unfilter } from './unfilter.ts';

/** Samples of a picture, row by row, the channels of a pixel beside each other. */
export interface Picture {
  readonly width: number;
  /** Rows that could be decoded; fewer than the header says when the data are cut. */
  readonly height: number;
  readonly channels: number;
  /** Channels with colour: alpha is none. */
  readonly colors: number;
  readonly samples: Uint8Array | Uint16Array;
}

export type Decoded =
  | {
      readonly picture: Picture;
      /** Bytes that the image data inflate to beyond the picture's, up to `maxSurplusBytes`. */
      readonly surplusPixels: number;
      /** Compressed bytes after the end of the zlib stream. */
      readonly surplusData: number;
    }
  | Undecoded;

/** Why there are no pixels. */
interface Undecoded {
  readonly fault: string;
  /** The image data inflate to more than the picture and `maxSurplusBytes`. */
  readonly isOverfull?: boolean;
}

/** Inflated bytes of one picture; about 44 million pixels of three bytes. */
export const mostPixelBytes = 2 ** 27;
/** Surplus that is measured; a bomb is cut there. */
export const maxSurplusBytes = 2 ** 20;

const palette = 3;
/** By colour type. */
const channelsOf: ReadonlyMap<number, readonly [channels: number, colors: number]> = new Map([
  [0, [1, 1]],
  [2, [3, 3]],
  [palette, [1, 1]],
  [4, [2, 1]],
  [6, [4, 3]],
]);

/** Decodes the pixels of 8 and 16 bits a sample of a PNG file that is not interlaced; of others it says what they are. */
export function decodePng(bytes: Uint8Array, chunks: readonly PngChunk[], maxPixelBytes = mostPixelBytes): Decoded {
  const header = chunks[0];
  if (header?.type !== 'IHDR' || header.length !== 13) return { fault: 'it does not begin with a header' };
  const fields = Buffer.from(bytes.buffer, bytes.byteOffset + header.at, header.length);
  const [width, height] = [fields.readUInt32BE(0), fields.readUInt32BE(4)];
  const [bits, colorType, interlace] = [fields[8] ?? 0, fields[9] ?? 0, fields[12] ?? 0];
  const [channels, colors] = channelsOf.get(colorType) ?? [0, 0];
  if (channels === 0 || width === 0 || height === 0) return { fault: 'its header is not valid' };
  if (chunks.some(({ type }) => type === 'CgBI')) return { fault: "it is of Apple's own kind" };
  if (colorType === palette) return { fault: 'its pixels are places in a palette' };
  if (bits !== 8 && bits !== 16) return { fault: `it has ${bits} bits a sample` };
  if (interlace !== 0) return { fault: 'it is interlaced' };
  const pixelBytes = (channels * bits) / 8;
  const rowBytes = width * pixelBytes;
  const wanted = height * (rowBytes + 1);
  if (wanted > maxPixelBytes) return { fault: `its pixels are more than ${maxPixelBytes} bytes` };
  const inflated = inflate(bytes, chunks, wanted);
  if ('fault' in inflated) return inflated;
  const { raw, surplusPixels, surplusData } = inflated;
  const rows = unfilter(raw, rowBytes, pixelBytes);
  const samples = bits === 8 ? samplesOf8(raw, rows, rowBytes) : samplesOf16(raw, rows, rowBytes);
  return { picture: { width, height: rows, channels, colors, samples }, surplusPixels, surplusData };
}

interface Inflated {
  readonly raw: Uint8Array;
  readonly surplusPixels: number;
  readonly surplusData: number;
}

function inflate(bytes: Uint8Array, chunks: readonly PngChunk[], wanted: number): Inflated | Undecoded {
  const parts = chunks.filter(({ type }) => type === 'IDAT').map(({ at, length }) => bytes.subarray(at, at + length));
  const data = Buffer.concat(parts);
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: wanted + maxSurplusBytes, info: true };
  try {
    // With `info` the result has the engine beside it, which the declared type leaves out.
    const { buffer, engine } = inflateSync(data, options) as unknown as InflateInfo;
    return {
      raw: buffer.subarray(0, wanted),
      surplusPixels: Math.max(0, buffer.length - wanted),
      surplusData: data.length - engine.bytesWritten,
    };
  } catch (error) {
    // Thrown by zlib when the result is longer than `maxOutputLength`.
    return error instanceof RangeError
      ? { fault: 'its image data inflate to far more than the picture', isOverfull: true }
      : { fault: messageOf(error) };
  }
}

interface InflateInfo {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/** Rows without their filter bytes. */
function samplesOf8(raw: Uint8Array, rows: number, rowBytes: number): Uint8Array {
  const samples = new Uint8Array(rows * rowBytes);
  for (let row = 0; row < rows; row++) {
    const start = row * (rowBytes + 1) + 1;
    samples.set(raw.subarray(start, start + rowBytes), row * rowBytes);
  }
  return samples;
}

function samplesOf16(raw: Uint8Array, rows: number, rowBytes: number): Uint16Array {
  const perRow = rowBytes / 2;
  const samples = new Uint16Array(rows * perRow);
  for (let row = 0; row < rows; row++) {
    const start = row * (rowBytes + 1) + 1;
    for (let index = 0; index < perRow; index++) {
      const at = start + 2 * index;
      samples[row * perRow + index] = ((raw[at] ?? 0) << 8) | (raw[at + 1] ?? 0);
    }
  }
  return samples;
}
