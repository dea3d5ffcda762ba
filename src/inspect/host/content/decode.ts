import { gunzipSync, inflateSync } from 'node:zlib';

/** A text that stood encoded in another one. */
export interface Decoded {
  readonly how: 'base64' | 'hexadecimal' | 'reversed' | 'escaped';
  readonly text: string;
}

/** Encoded parts that are decoded of one text, and bytes taken of each. */
const maxParts = 64;
const maxBytes = 2 ** 20;
/** Letters that decode to something longer than a name. */
const base64Pattern = /[A-Za-z0-9+/_-]{20,1000000}={0,2}/g;
const hexPattern = /(?:[0-9a-fA-F]{2}){12,500000}|(?:\\x[0-9a-fA-F]{2}){6,100000}/g;

/** Texts that stand in a text as base64 (also compressed under it), hexadecimal digits or `\x` escapes, as far as they are readable. */
export function* decodeParts(text: string): Generator<Decoded> {
  let count = 0;
  for (const [part] of text.matchAll(base64Pattern)) {
    if (count >= maxParts) return;
    const inner = readable(unpack(Buffer.from(part, 'base64')));
    if (inner === undefined) continue;
    count++;
    yield { how: 'base64', text: inner };
  }
  for (const [part] of text.matchAll(hexPattern)) {
    if (count >= maxParts) return;
    const inner = readable(unpack(Buffer.from(part.replaceAll('\\x', ''), 'hex')));
    if (inner === undefined) continue;
    count++;
    yield { how: part.startsWith('\\') ? 'escaped' : 'hexadecimal', text: inner };
  }
  if (/\brev\b/.test(text)) yield { how: 'reversed', text: text.split('').reverse().join('') };
}

/** gzip and zlib streams are opened, up to a bound; anything else is given back. */
function unpack(bytes: Buffer): Buffer {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const isZlib = bytes[0] === 0x78 && ((bytes[0] << 8) | (bytes[1] ?? 0)) % 31 === 0;
  if (!isGzip && !isZlib) return bytes;
  try {
    const options = { maxOutputLength: maxBytes };
    return isGzip ? gunzipSync(bytes, options) : inflateSync(bytes, options);
  } catch {
    return bytes;
  }
}

/** Text when nearly all of it can be printed: a decoded name or digest is noise. UTF-16 as PowerShell has it is taken too. */
function readable(bytes: Buffer): string | undefined {
  if (bytes.length < 8) return undefined;
  const part = bytes.subarray(0, maxBytes);
  const isWide = part[1] === 0 && part[3] === 0 && part[5] === 0;
  const text = part.toString(isWide ? 'utf16le' : 'utf8');
  let odd = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd || code === 0x7f || (code < 32 && code !== 9 && code !== 10 && code !== 13)) odd++;
  }
  return odd * 50 <= text.length ? text : undefined;
}
