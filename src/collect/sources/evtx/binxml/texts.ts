import { RecordDamage } from './damage.ts';

/** Order in which the bytes of a GUID are written: its first three parts are little-endian. */
const guidOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;
const dashBefore: ReadonlySet<number> = new Set([4, 6, 8, 10]);
const hexDigits = Buffer.from('0123456789ABCDEF');
const dash = 0x2d;
const guidText = Buffer.alloc(36);

/** `54849625-5478-4994-A5BA-3E3B0328C30D`. */
export function readGuid(bytes: Buffer, at: number): string {
  let to = 0;
  for (let index = 0; index < guidOrder.length; index++) {
    if (dashBefore.has(index)) guidText[to++] = dash;
    const byte = bytes[at + (guidOrder[index] ?? 0)] ?? 0;
    guidText[to++] = hexDigits[byte >> 4] ?? 0;
    guidText[to++] = hexDigits[byte & 15] ?? 0;
  }
  return guidText.toString('latin1');
}

/** `S-1-5-21-…`: revision, authority (48 bits, big-endian) and sub-authorities ([MS-DTYP] 2.4.2). */
export function readSid(bytes: Buffer, at: number, size: number): string {
  const count = bytes[at + 1] ?? 0;
  if (size < 8 || size < 8 + 4 * count) throw new RecordDamage(`a security identifier of it has ${size} bytes`);
  let text = `S-${bytes[at]}-${bytes.readUIntBE(at + 2, 6)}`;
  for (let index = 0; index < count; index++) text += `-${bytes.readUInt32LE(at + 8 + 4 * index)}`;
  return text;
}

/** UTF-16 text up to its first zero; what is no well-formed UTF-16 becomes U+FFFD. */
export function readUtf16(bytes: Buffer, at: number, size: number): string {
  const text = bytes.toString('utf16le', at, at + (size & ~1));
  const zero = text.indexOf('\0');
  return (zero < 0 ? text : text.slice(0, zero)).toWellFormed();
}

const ansi = new TextDecoder('windows-1252');

/** Text in the system's code page up to its first zero. The record does not say which; it is read as windows-1252. */
export function readAnsi(bytes: Buffer, at: number, size: number): string {
  const zero = bytes.indexOf(0, at);
  return ansi.decode(bytes.subarray(at, zero < 0 || zero > at + size ? at + size : zero));
}

/** A float as text that reads back as the same float, in as few digits as that takes; whole numbers end in `.0`. */
export function realText(value: number, isSingle: boolean): string {
  let text = String(value);
  if (isSingle) {
    for (let digits = 1; digits <= 9; digits++) {
      text = String(Number(value.toPrecision(digits)));
      if (Math.fround(Number(text)) === value) break;
    }
  }
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
