import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { decodeBase32 } from './base32.ts';
import { unmask } from './unmask.ts';

/** A text that stood encoded in another one. */
export interface Decoded {
  readonly how:
    | 'base64'
    | 'base32'
    | 'hexadecimal'
    | 'reversed'
    | 'escaped'
    | 'decimal'
    | 'percent signs'
    | 'rot13'
    | 'masked';
  readonly text: string;
}

interface Encoding {
  readonly how: Decoded['how'];
  /** Long enough that it holds more than a name. Every repetition is bounded, and no two can share a character. */
  readonly pattern: RegExp;
  readonly bytes: (part: string) => Buffer;
}

/** What may still be decoded of one text and all that stands in it: so much that filling up to it is a sign of its own. */
export interface DecodeBudget {
  parts: number;
  bytes: number;
  /** Parts for which masks are tried. */
  masked: number;
}

export function decodeBudget(): DecodeBudget {
  return { parts: 2048, bytes: 2 ** 22, masked: 32 };
}

/** Bytes taken of one part. */
const maxBytes = 2 ** 20;

const encodings: readonly Encoding[] = [
  {
    how: 'base64',
    // Wrapped into lines too, as base64(1) writes it.
    pattern: /[A-Za-z0-9+/_-]{20,1000000}(?:\r?\n[A-Za-z0-9+/_-]{4,1000}){0,20000}={0,2}/g,
    bytes: (part) => Buffer.from(part, 'base64'),
  },
  {
    how: 'hexadecimal',
    pattern: /(?:[0-9a-fA-F]{2}){12,500000}(?:\r?\n(?:[0-9a-fA-F]{2}){2,500}){0,20000}/g,
    bytes: (part) => Buffer.from(part.replaceAll(/\s/g, ''), 'hex'),
  },
  {
    how: 'escaped',
    pattern: /(?:\\{1,2}x[0-9a-fA-F]{2}){6,100000}/g,
    bytes: (part) => Buffer.from(part.replaceAll(/\\+x/g, ''), 'hex'),
  },
  {
    how: 'escaped',
    pattern: /(?:\\{1,2}0?[0-3][0-7]{2}){6,100000}/g,
    bytes: (part) => numbers(part, 8),
  },
  {
    how: 'decimal',
    // chr(99).chr(117), String.fromCharCode(99, 117), [99, 117].
    pattern: /(?:\b\d{2,3}\b[\s,;.+()&]{1,4}(?:chr\s?\(\s?)?){11,100000}\d{2,3}\b/gi,
    bytes: (part) => numbers(part, 10),
  },
  {
    how: 'percent signs',
    pattern: /(?:%[0-9a-fA-F]{2}){6,100000}/g,
    bytes: (part) => Buffer.from(part.replaceAll('%', ''), 'hex'),
  },
  { how: 'base32', pattern: /\b[A-Z2-7]{24,1000000}={0,6}/g, bytes: decodeBase32 },
];

/** Texts that stand in a text under one of the usual encodings, also compressed or masked below it, as far as they are readable. */
export function* decodeParts(text: string, budget: DecodeBudget = decodeBudget()): Generator<Decoded> {
  const isMasking = /\^|xor/i.test(text);
  for (const { how, pattern, bytes } of encodings) {
    for (const [part] of text.matchAll(pattern)) {
      if (budget.parts-- <= 0) return;
      const inner = bytes(part).subarray(0, maxBytes);
      const plain = readable(unpack(inner, how !== 'base64' || mayBePacked(part)));
      if (plain !== undefined) {
        budget.bytes -= plain.length;
        if (budget.bytes < 0) return;
        yield { how, text: plain };
      }
      // A mask may leave letters: what can be read is not always what was meant.
      if (isMasking && budget.masked-- > 0) {
        for (const candidate of unmask(inner)) yield { how: 'masked', text: candidate };
      }
    }
  }
  if (/\brev\b|strrev|\[::-1\]|\breverse\b/.test(text)) {
    yield { how: 'reversed', text: text.split('').reverse().join('') };
  }
  if (/rot_?13|n-za-m|N-ZA-M/.test(text)) yield { how: 'rot13', text: rotated(text) };
}

function numbers(part: string, base: number): Buffer {
  return Buffer.from((part.match(/\d+/g) ?? []).map((number) => Number.parseInt(number, base) & 0xff));
}

function rotated(text: string): string {
  return text.replaceAll(/[a-z]/gi, (letter) => {
    const code = letter.charCodeAt(0);
    return String.fromCharCode((code & 0x1f) > 13 ? code - 13 : code + 13);
  });
}

/** Names and paths are most of what looks encoded; packed bytes have letters of both cases and digits among their characters. */
function mayBePacked(part: string): boolean {
  return /[a-z]/.test(part) && /[A-Z]/.test(part) && /[0-9+]/.test(part);
}

/**
 * gzip, zlib and bare deflate streams are opened, up to a bound; anything else is given back. A bare stream has no mark: its first
 * block must be of a type that there is (RFC 1951 §3.2.3).
 */
function unpack(bytes: Buffer, mayBeBare: boolean): Buffer {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const isZlib = bytes[0] === 0x78 && ((bytes[0] << 8) | (bytes[1] ?? 0)) % 31 === 0;
  const options = { maxOutputLength: maxBytes };
  try {
    if (isGzip) return gunzipSync(bytes, options);
    if (isZlib) return inflateSync(bytes, options);
    const isBare = mayBeBare && ((bytes[0] ?? 0) & 6) !== 6 && readable(bytes) === undefined;
    return isBare ? inflateRawSync(bytes, options) : bytes;
  } catch {
    return bytes;
  }
}

/** Text when nearly all of it can be printed: a decoded name or digest is noise. UTF-16 as PowerShell has it is taken too. */
function readable(part: Buffer): string | undefined {
  if (part.length < 8) return undefined;
  const isWide = part[1] === 0 && part[3] === 0 && part[5] === 0;
  const text = part.toString(isWide ? 'utf16le' : 'utf8');
  let odd = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd || code === 0x7f || (code < 32 && code !== 9 && code !== 10 && code !== 13)) odd++;
  }
  return odd * 50 <= text.length ? text : undefined;
}
