/** Bytes that are looked at: enough to hold what a hidden command says. */
const maxBytes = 8192;
const least = 8;

/**
 * What bytes could be if each had been combined with one and the same byte by exclusive or: only results that are words of letters,
 * digits, blanks and signs of ASCII throughout. Mostly none, seldom more than a few.
 */
export function* unmask(bytes: Buffer): Generator<string> {
  const part = bytes.subarray(0, maxBytes);
  if (part.length < least) return;
  for (let key = 1; key < 256; key++) {
    if (isText(part, key)) yield Buffer.from(part.map((byte) => byte ^ key)).toString('latin1');
  }
}

/** Most keys fail within the first bytes. */
function isText(bytes: Buffer, key: number): boolean {
  for (const byte of bytes) {
    const code = byte ^ key;
    if ((code < 32 && code !== 9 && code !== 10 && code !== 13) || code > 126) return false;
  }
  return true;
}
