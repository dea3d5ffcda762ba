/** Controls, format characters (bidirectional overrides, zero-width), line separators, lone surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const blanks = /[\t\n\r\v\f ]+/g;
/** Marks pile up on one character and over the lines around it. */
const pilesOfMarks = /(?<kept>\p{M}{2})\p{M}+/gu;

/**
 * Text out of evidence as one line that a terminal or a reader takes for nothing but text: what cannot be seen or
 * moves the cursor is written out (`\x1b`, `\u202e`), blanks are folded, and the length is bounded.
 */
export function visibleText(text: string, maxLength = 400): string {
  const start = text.length > maxLength * 4 ? text.slice(0, maxLength * 4) : text;
  const line = start.replace(blanks, ' ').replace(unseen, escaped).replace(pilesOfMarks, '$<kept>').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '')}…` : line;
}

/** The same escapes inside JSON text, where they are valid; controls below U+0020 are escaped already. */
export function visibleJson(json: string): string {
  return json.replace(unseen, (char) => (char === '\n' ? char : jsonEscaped(char)));
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

function jsonEscaped(char: string): string {
  return Array.from(
    { length: char.length },
    (_none, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
