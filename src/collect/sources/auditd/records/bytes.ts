/** Byte values that audit records are cut at. */
export const blank = 0x20;
export const groupSeparator = 0x1d;
export const quoteByte = 0x22;
export const apostrophe = 0x27;
export const openParenthesis = 0x28;
export const closeParenthesis = 0x29;
export const comma = 0x2c;
export const minus = 0x2d;
export const dot = 0x2e;
export const zero = 0x30;
export const nine = 0x39;
export const colon = 0x3a;
export const equalsSign = 0x3d;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;

/** Bits of `byteClass`. */
export const endsToken = 1;
/** Must be escaped in JSON, or is no ASCII. */
export const isSpecial = 2;
/** Anything but `0-9A-F`. */
export const isNoHexDigit = 4;
/** May close a value without belonging to it: `,` and `)`. */
export const isClosing = 8;

/** What each byte value is, as bits. */
export const byteClass: Uint8Array = Uint8Array.from({ length: 256 }, (_none, byte) => {
  const isEnd = byte === blank || byte === groupSeparator || byte === 0x09;
  const special = byte < blank || byte > 0x7e || byte === quoteByte || byte === 0x5c;
  const hex = (byte >= zero && byte <= nine) || (byte >= 0x41 && byte <= 0x46);
  const closing = byte === comma || byte === closeParenthesis;
  const bits = (isEnd ? endsToken : 0) | (special ? isSpecial : 0) | (closing ? isClosing : 0);
  return bits | (hex ? 0 : isNoHexDigit);
});

/** Value of each hexadecimal digit in either case; 255 for other bytes. */
export const hexDigit: Uint8Array = Uint8Array.from({ length: 256 }, (_none, byte) => {
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(digit) ? 255 : digit;
});

/** True when `wanted` stands at `at`. */
export function standsAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index++) {
    if (bytes[at + index] !== wanted[index]) return false;
  }
  return true;
}
