import { mimeTypeOf } from '../../base/mime-type.ts';
import { iconImages } from './ends/ico.ts';
import { entropyOf, entropyText, looksRandom } from './entropy.ts';
import { readPngChunks } from './png/chunks.ts';
import { pngTexts } from './png/texts.ts';
import { steganography, type FileSign } from './sign.ts';
import { executableTypes } from './trailing-data.ts';

/** Bytes that a picture leaves to people or programs: what all pieces of a kind hold together. */
interface Remark {
  readonly what: string;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Fewer are a name or a date, whatever they look like. */
const minBytes = 256;
const minBase64Bytes = 1024;
const [startOfScan, comment, firstApplication, lastApplication] = [0xda, 0xfe, 0xe0, 0xef];
const [gifExtension, gifImage, gifComment] = [0x21, 0x2c, 0xfe];

/**
 * Comments of a JPEG or GIF, texts of a PNG, segments of a JPEG for programs that do not name themselves, and pictures of an icon that are none, that hold
 * what nobody writes there by hand.
 */
export function commentSigns(type: string | null, bytes: Uint8Array): FileSign[] {
  return remarksOf(type, bytes)
    .map(signOf)
    .filter((sign) => sign !== undefined);
}

function remarksOf(type: string | null, bytes: Uint8Array): Remark[] {
  if (type === 'image/jpeg') return jpegRemarks(bytes);
  if (type === 'image/png') return pngRemarks(bytes);
  if (type === 'image/x-icon') return iconRemarks(bytes);
  return type === 'image/gif' ? gifRemarks(bytes) : [];
}

function signOf({ what, at, bytes }: Remark): FileSign | undefined {
  if (bytes.length < minBytes) return undefined;
  const type = mimeTypeOf(bytes);
  const entropy = entropyOf(bytes);
  const strength = strengthOf(type, looksRandom(entropy, bytes.length), isBase64(bytes));
  if (strength === undefined) return undefined;
  const [severity, score, kind] = strength;
  return {
    id: 'comment-data',
    title: `${bytes.length} bytes of ${kind} in ${what} (${type ?? entropyText(entropy)})`,
    severity,
    score,
    at,
    attack: [steganography],
    reasons: [
      { what: 'bytes', value: String(bytes.length) },
      { what: 'their type', value: type ?? 'unknown' },
      { what: 'their entropy', value: entropyText(entropy) },
    ],
  };
}

function strengthOf(
  type: string | null,
  isRandom: boolean,
  isEncoded: boolean,
): readonly [FileSign['severity'], number, string] | undefined {
  if (type !== null && executableTypes.test(type)) return ['high', 0.8, 'a program'];
  // Small pictures of the picture stand in such places.
  if (type !== null && !/^(?:text|image)\//.test(type)) return ['medium', 0.6, 'a file'];
  if (type?.startsWith('image/') === true) return undefined;
  if (isRandom) return ['medium', 0.5, 'random data'];
  return isEncoded ? ['low', 0.35, 'base64'] : undefined;
}

function isBase64(bytes: Uint8Array): boolean {
  if (bytes.length < minBase64Bytes) return false;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return /^[A-Za-z0-9+/_-]{16}[A-Za-z0-9+/_\r\n-]*={0,2}\s*$/.test(text) && /\d/.test(text);
}

/** Segments before the first scan (ITU T.81, annex B). One segment holds 64 KB at most: more comes in several. */
function jpegRemarks(bytes: Uint8Array): Remark[] {
  const comments = new Pieces('comments of the JPEG');
  const unnamed = new Pieces('segments of the JPEG for no named program');
  let at = 2;
  while (at + 3 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === startOfScan) break;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
    if (end < at + 4 || end > bytes.length) break;
    const held = bytes.subarray(at + 4, end);
    if (marker === comment) comments.add(at, held);
    else if (marker >= firstApplication && marker <= lastApplication && !isNamed(held)) unnamed.add(at, held);
    at = end;
  }
  return [...comments.remarks, ...unnamed.remarks];
}

/** `Exif`, `JFIF`, `ICC_PROFILE`, `http://ns.adobe.com/`…: programs begin their segments with a name, and end that with a zero or a number. */
function isNamed(held: Uint8Array): boolean {
  const name = Buffer.from(held.subarray(0, 80)).toString('latin1');
  return /^(?!Rar!)[\x20-\x7e]{3,64}(?:[^\x20-\x7e]|$)/.test(name);
}

/** Comment extensions (GIF89a specification, 24), with the blocks of 255 bytes joined. */
function gifRemarks(bytes: Uint8Array): Remark[] {
  const comments = new Pieces('comments of the GIF');
  const tableBytes = (flags: number): number => (flags < 0x80 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  let at = 13 + tableBytes(bytes[10] ?? 0);
  for (;;) {
    const kind = bytes[at];
    const isComment = kind === gifExtension && bytes[at + 1] === gifComment;
    const start = at;
    if (kind === gifExtension) at += 2;
    else if (kind === gifImage) at += 11 + tableBytes(bytes[at + 9] ?? 0);
    else return comments.remarks;
    for (let length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) {
      if (isComment) comments.add(start, bytes.subarray(at + 1, at + 1 + length));
      at += 1 + length;
    }
    at++;
  }
}

function pngRemarks(bytes: Uint8Array): Remark[] {
  return pngTexts(bytes).map(({ keyword, at, bytes: text }) => {
    const name = /^[\x20-\x7e]{1,79}$/.test(keyword) ? ` "${keyword}"` : '';
    return { what: `the text${name} of the PNG`, at, bytes: text };
  });
}

/** A picture is a PNG, or begins with the size of its header (BITMAPINFOHEADER, BITMAPCOREHEADER). */
function iconRemarks(bytes: Uint8Array): Remark[] {
  return iconImages(bytes)
    .slice(0, maxIconImages)
    .flatMap(({ at, length }) => {
      const image = bytes.subarray(at, at + length);
      if ((image[0] === 40 || image[0] === 12) && image[1] === 0) return [];
      if (mimeTypeOf(image) !== 'image/png') return [{ what: 'a picture of the icon', at, bytes: image }];
      const { end = length } = readPngChunks(image);
      return end < length
        ? [{ what: 'a picture of the icon, behind its end', at: at + end, bytes: image.subarray(end) }]
        : [];
    });
}

/** Icons have a dozen sizes. */
const maxIconImages = 64;

class Pieces {
  readonly #what: string;
  readonly #held: Uint8Array[] = [];
  #at = 0;

  constructor(what: string) {
    this.#what = what;
  }

  add(at: number, bytes: Uint8Array): void {
    if (this.#held.length === 0) this.#at = at;
    this.#held.push(bytes);
  }

  get remarks(): Remark[] {
    if (this.#held.length === 0) return [];
    return [{ what: this.#what, at: this.#at, bytes: Buffer.concat(this.#held) }];
  }
}
