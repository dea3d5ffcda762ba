import { isUtf8 } from 'node:buffer';

/** A view of the same memory with Node's fast text methods. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Text of bytes from the wire: UTF-8 where they are, else Latin letters as they are and every byte beyond ASCII as
 * `\xnn`, so that nothing is lost and both readings stay apart. The same as the Zeek source reads from Zeek's logs.
 */
export function wireText(bytes: Uint8Array): string {
  const buffer = asBuffer(bytes);
  if (isUtf8(buffer)) return buffer.toString('utf8');
  // Written as bytes first: a text that grows by a character is as many texts as it has characters.
  const escaped = Buffer.allocUnsafe(4 * buffer.length);
  let used = 0;
  for (const byte of buffer) {
    if (byte < 0x80) escaped[used++] = byte;
    else {
      escaped[used++] = backslash;
      escaped[used++] = letterX;
      escaped[used++] = hexDigits[byte >>> 4] ?? 0;
      escaped[used++] = hexDigits[byte & 15] ?? 0;
    }
  }
  return escaped.toString('latin1', 0, used);
}

const backslash = 92;
const letterX = 120;
const hexDigits = Buffer.from('0123456789abcdef');

/** One character a byte: for structure that is ASCII by its standard. */
export function asciiText(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return asBuffer(bytes).toString('latin1', start, end);
}

export function hexText(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('hex');
}

const hexPairs: readonly string[] = Array.from({ length: 256 }, (_none, byte) => byte.toString(16).padStart(2, '0'));

/** `aa:bb:cc:dd:ee:ff`, as Zeek writes hardware addresses. */
export function macText(bytes: Uint8Array): string {
  let text = hexPairs[bytes[0] ?? 0] ?? '';
  for (let at = 1; at < bytes.length; at++) text += `:${hexPairs[bytes[at] ?? 0]}`;
  return text;
}

export function ipv4Text(bytes: Uint8Array, at = 0): string {
  return `${bytes[at] ?? 0}.${bytes[at + 1] ?? 0}.${bytes[at + 2] ?? 0}.${bytes[at + 3] ?? 0}`;
}

/** Text with A to Z in lower case, the rest as it is. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Text in UTF-16, little endian. Halves of surrogate pairs without the other one, which no text column can hold, become U+FFFD. */
export function wideText(bytes: Buffer, start = 0, end = bytes.length): string {
  return bytes.toString('utf16le', start, end).toWellFormed();
}
