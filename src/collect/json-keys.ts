const newline = 10;
const quote = 34;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

/** Records at the beginning of a content that are looked at, in case the first is damaged. */
const maxRecords = 4;
/** Bytes of each: the keys that tell a format stand at its beginning. */
const maxBytes = 8192;
const maxKeyBytes = 64;

/**
 * Keys of each of the first records of a JSON content, as `detect` needs them: of a record itself, not of objects inside
 * it. The record may be cut, spread over lines, in a list, or behind other lines; what is no JSON gives any keys or none.
 */
export function firstRecordKeys(head: Uint8Array): ReadonlySet<string>[] {
  const records: ReadonlySet<string>[] = [];
  let from = head.indexOf(openBrace);
  while (from >= 0 && records.length < maxRecords) {
    records.push(ownKeys(head, from));
    const lineEnd = head.indexOf(newline, from);
    from = lineEnd < 0 ? -1 : head.indexOf(openBrace, lineEnd);
  }
  return records;
}

/** Keys of the object that begins at `from`, up to its end or the bound. */
function ownKeys(head: Uint8Array, from: number): ReadonlySet<string> {
  const keys = new Set<string>();
  const end = Math.min(head.length, from + maxBytes);
  let depth = 0;
  let text = '';
  for (let at = from; at < end; at++) {
    const byte = head[at];
    if (byte === quote) {
      const close = endOfString(head, at, end);
      text = String.fromCharCode(...head.subarray(at + 1, Math.min(close, at + maxKeyBytes)));
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
