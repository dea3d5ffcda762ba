/** Bytes that are looked at: enough to hold what a hidden command says. */
const maxBytes = 8192;
const least = 8;

/** Words of which every command that is worth hiding has one. */
const telling =
  /\b(?:sh|bash|curl|wget|nc|ncat|socat|exec|eval|system|import|require|socket|python3?|perl|php|node|http|https|base64|echo|printf|chmod)\b/;

/**
 * What bytes could be if each had been combined with one and the same byte by exclusive or: only results that are printable ASCII
 * throughout and hold the name of an interpreter, a call or a tool. Mostly none, seldom more than one.
 */
export function* unmask(bytes: Buffer): Generator<string> {
  const part = bytes.subarray(0, maxBytes);
  if (part.length < least) return;
  for (let key = 1; key < 256; key++) {
    if (!isText(part, key)) continue;
    const text = Buffer.from(part.map((byte) => byte ^ key)).toString('latin1');
    if (telling.test(text)) yield text;
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
