import type { Detection } from '../../source.ts';

const openBrace = 123;
const closeBrace = 125;
const openBracket = 91;
const closeBracket = 93;
const quote = 34;
const backslash = 92;
const colon = 58;

/** Records at the beginning of a content that are looked at, in case the first is damaged. */
const maxRecords = 4;
/** Bytes of each: the keys that tell EVE stand in the first hundred. */
const maxBytes = 4096;

/** EVE has `timestamp` and `event_type` among a record's own keys. The record may be cut, spread over lines, or in a list. */
export function detectEve(head: Uint8Array): Detection {
  let from = head.indexOf(openBrace);
  for (let tried = 0; from >= 0 && tried < maxRecords; tried++) {
    const keys = ownKeys(head, from);
    if (keys.has('timestamp') && keys.has('event_type')) return 'certain';
    const lineEnd = head.indexOf(10, from);
    from = lineEnd < 0 ? -1 : head.indexOf(openBrace, lineEnd);
  }
  return undefined;
}

/** Keys of the object that begins at `from`, up to its end or the bound; not those of objects inside it. */
function ownKeys(head: Uint8Array, from: number): Set<string> {
  const keys = new Set<string>();
  const end = Math.min(head.length, from + maxBytes);
  let depth = 0;
  let text = '';
  for (let at = from; at < end; at++) {
    const byte = head[at];
    if (byte === quote) {
      const close = endOfString(head, at, end);
      text = String.fromCharCode(...head.subarray(at + 1, Math.min(close, at + 32)));
      at = close;
    } else if (byte === colon && depth === 1) keys.add(text);
    else if (byte === openBrace || byte === openBracket) depth++;
    else if (byte === closeBrace || byte === closeBracket) depth--;
    if (depth === 0) break;
  }
  return keys;
}

function endOfString(head: Uint8Array, from: number, end: number): number {
  for (let at = from + 1; at < end; at++) {
    if (head[at] === quote) return at;
    if (head[at] === backslash) at++;
  }
  return end;
}
