import { inflateSync } from 'node:zlib';
import { readPngChunks } from './chunks.ts';

/** The texts of a PNG file under one keyword. */
export interface PngText {
  readonly keyword: string;
  /** Byte of the file at which the data of the first chunk begin. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Bytes that all compressed texts of a picture may become: a few bytes can say that they hold gigabytes. */
const maxInflated = 16 * 1024 * 1024;
const maxKeywords = 100;
/** PNG specification, 11.3.3.2. */
const maxKeywordBytes = 79;

/** What tEXt, zTXt and iTXt chunks hold (PNG specification, 11.3.3), joined by keyword, decompressed. Texts that cannot be read are left out. */
export function pngTexts(bytes: Uint8Array): PngText[] {
  const texts = new Map<string, { readonly at: number; readonly parts: Uint8Array[] }>();
  const room = { bytes: maxInflated };
  for (const { type, at, length } of readPngChunks(bytes).chunks) {
    if (type !== 'tEXt' && type !== 'zTXt' && type !== 'iTXt') continue;
    const data = bytes.subarray(at, at + length);
    const end = data.subarray(0, maxKeywordBytes + 1).indexOf(0);
    const held = end < 0 ? data : textOf(type, data.subarray(end + 1), room);
    const keyword = Buffer.from(data.subarray(0, Math.max(0, end))).toString('latin1');
    const known = texts.get(keyword) ?? { at, parts: [] };
    if (texts.size < maxKeywords) texts.set(keyword, known);
    if (held !== undefined) known.parts.push(held);
  }
  return [...texts].map(([keyword, { at, parts }]) => ({ keyword, at, bytes: Buffer.concat(parts) }));
}

function textOf(type: string, data: Uint8Array, room: { bytes: number }): Uint8Array | undefined {
  if (type === 'tEXt') return data;
  if (type === 'zTXt') return inflated(data.subarray(1), room);
  // Flag and method of compression, then language and translated keyword, each with a zero behind it.
  const language = data.indexOf(0, 2);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  if (translated < 0) return undefined;
  const text = data.subarray(translated + 1);
  return data[0] === 1 ? inflated(text, room) : text;
}

/** Undefined for what is damaged, and beyond the room. */
function inflated(data: Uint8Array, room: { bytes: number }): Uint8Array | undefined {
  if (room.bytes <= 0) return undefined;
  try {
    const text = inflateSync(data, { maxOutputLength: room.bytes });
    room.bytes -= text.length;
    return text;
  } catch {
    // Each attempt has its price: a bomb may have taken all of the room.
    room.bytes -= Math.min(room.bytes, Math.max(65_536, data.length * 1032));
    return undefined;
  }
}
