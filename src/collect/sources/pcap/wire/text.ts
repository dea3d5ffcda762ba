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
  return buffer.toString('latin1').replace(/[\x80-\xff]/g, escapeByte);
}

function escapeByte(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16)}`;
}

/** One character a byte: for structure that is ASCII by its standard. */
export function asciiText(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return asBuffer(bytes).toString('latin1', start, end);
}

export function hexText(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('hex');
}

/** `aa:bb:cc:dd:ee:ff`, as Zeek writes hardware addresses. */
export function macText(bytes: Uint8Array): string {
  return hexText(bytes).replace(/..(?=.)/g, '$&:');
}

export function ipv4Text(bytes: Uint8Array, at = 0): string {
  return `${bytes[at] ?? 0}.${bytes[at + 1] ?? 0}.${bytes[at + 2] ?? 0}.${bytes[at + 3] ?? 0}`;
}

/** Text with A to Z in lower case, the rest as it is. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
