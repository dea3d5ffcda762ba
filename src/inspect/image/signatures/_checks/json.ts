import { decodeUtf8 } from '../../../../base/bytes.ts';

/** Nesting of a document that is read; signatures and metadata need less than 20. */
const maxDepth = 64;

export type JsonObject = Readonly<Record<string, unknown>>;

/** A JSON object out of hostile bytes; undefined when it is none, or is nested so deeply that walking it would hurt. */
export function readJsonObject(bytes: Uint8Array | string): JsonObject | undefined {
  const text = typeof bytes === 'string' ? bytes : decodeUtf8(bytes);
  if (isTooDeep(text)) return undefined;
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The value when it is an object and no list. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The bytes of base64 text without anything else in it; with `url`, of the alphabet of RFC 4648 section 5 without padding. */
export function fromBase64(text: string, alphabet: 'standard' | 'url' = 'standard'): Buffer | undefined {
  const pattern = alphabet === 'url' ? /^[A-Za-z0-9_-]*$/ : /^[A-Za-z0-9+/]*={0,2}$/;
  if (!pattern.test(text)) return undefined;
  const bytes = Buffer.from(text, alphabet === 'url' ? 'base64url' : 'base64');
  // Bits that belong to no byte would let one signature be written in several ways.
  const again = bytes.toString(alphabet === 'url' ? 'base64url' : 'base64');
  return again === text ? bytes : undefined;
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isString) {
      if (unit === 0x5c) at++;
      else if (unit === 0x22) isString = false;
    } else if (unit === 0x22) isString = true;
    else if (unit === 0x5b || unit === 0x7b) {
      if (++depth > maxDepth) return true;
    } else if (unit === 0x5d || unit === 0x7d) depth--;
  }
  return false;
}
