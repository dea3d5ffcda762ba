import { crc32, deflateSync } from 'node:zlib';

/** What a PNG file is built from. Samples are row by row, channels beside each other, below 2 to the power of `bits`. */
export interface PngParts {
  readonly width: number;
  readonly height: number;
  readonly samples: ArrayLike<number>;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. Default 2. */
  readonly colorType?: number;
  /** 8 or 16; default 8. */
  readonly bits?: number;
  /** Filter of a row; default 0. */
  readonly filterOf?: (row: number) => number;
  readonly interlace?: number;
  /** Chunks between header and image data. */
  readonly extra?: readonly Buffer[];
  /** Replaces the compressed image data. */
  readonly imageData?: Uint8Array;
}

export const channelsOfColorType: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export function writePng(parts: PngParts): Buffer {
  const { width, height, colorType = 2, bits = 8, interlace = 0, extra = [] } = parts;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, colorType, 0, 0, interlace], 8);
  return Buffer.concat([
    Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...extra,
    pngChunk('IDAT', parts.imageData ?? deflateSync(filteredRows(parts))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(4);
  frame.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([frame, body, checksum]);
}

/** Rows with their filter bytes, as they are compressed. */
export function filteredRows({
  width,
  height,
  samples,
  colorType = 2,
  bits = 8,
  filterOf = () => 0,
}: PngParts): Buffer {
  const pixelBytes = ((channelsOfColorType[colorType] ?? 1) * bits) / 8;
  const rowBytes = width * pixelBytes;
  const plain = Buffer.alloc(rowBytes * height);
  for (let index = 0; index < (rowBytes * height * 8) / bits; index++) {
    if (bits === 16) plain.writeUInt16BE(samples[index] ?? 0, index * 2);
    else plain[index] = samples[index] ?? 0;
  }
  const out = Buffer.alloc((rowBytes + 1) * height);
  for (let row = 0; row < height; row++) {
    const filter = filterOf(row);
    out[row * (rowBytes + 1)] = filter;
    for (let column = 0; column < rowBytes; column++) {
      const at = row * rowBytes + column;
      const left = column < pixelBytes ? 0 : (plain[at - pixelBytes] ?? 0);
      const up = row === 0 ? 0 : (plain[at - rowBytes] ?? 0);
      const corner = row === 0 || column < pixelBytes ? 0 : (plain[at - rowBytes - pixelBytes] ?? 0);
      out[row * (rowBytes + 1) + 1 + column] = (plain[at] ?? 0) - predict(filter, left, up, corner);
    }
  }
  return out;
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return Math.floor((left + up) / 2);
  if (filter !== 4) return 0;
  const estimate = left + up - corner;
  const distances = [left, up, corner].map((value) => Math.abs(estimate - value));
  return [left, up, corner][distances.indexOf(Math.min(...distances))] ?? 0;
}
