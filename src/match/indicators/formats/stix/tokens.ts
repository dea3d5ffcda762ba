export interface Token {
  /** `string`: the text without its quotes. `path`: an object path. `word`: AND, IN, WITHIN, a number … in capitals. */
  readonly type: 'string' | 'path' | 'word' | 'mark';
  readonly text: string;
}

/** Longest pattern that is read, and most tokens in it: an attacker writes the pattern. */
const maxPatternChars = 64 * 1024;

const next =
  /\s*(?:(?<typed>[tbh])?'(?<string>(?:[^'\\]|\\.)*)'|(?<mark><=|>=|!=|==|[[\](),=<>])|(?<path>[a-zA-Z][\w-]*:(?:[\w.-]|\[(?:\d+|\*)\]|'(?:[^'\\]|\\.)*')+)|(?<word>[A-Za-z0-9_.+-]+))/y;

/** The tokens of a STIX pattern; undefined when it is too long or holds what no pattern does. */
export function tokenise(pattern: string): Token[] | undefined {
  if (pattern.length > maxPatternChars) return undefined;
  const text = pattern.trim();
  const tokens: Token[] = [];
  next.lastIndex = 0;
  while (next.lastIndex < text.length) {
    const groups = next.exec(text)?.groups;
    if (groups === undefined) return undefined;
    tokens.push(tokenOf(groups));
  }
  return tokens;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>): Token {
  const { string, path, mark, word } = groups;
  if (string !== undefined) return { type: 'string', text: string.replace(/\\(?<escaped>.)/gs, '$1') };
  if (path !== undefined) return { type: 'path', text: path };
  if (mark !== undefined) return { type: 'mark', text: mark === '==' ? '=' : mark };
  return { type: 'word', text: (word ?? '').toUpperCase() };
}
