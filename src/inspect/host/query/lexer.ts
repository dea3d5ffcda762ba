/** A piece of SQL as SQLite cuts it. Comments and spaces are gone. */
export interface SqlToken {
  /** `quoted`: an identifier in `"`, backticks or brackets; of those only `"` may also mean a text. */
  readonly kind: 'word' | 'text' | 'quoted' | 'number' | 'blob' | 'symbol';
  /** As written. */
  readonly source: string;
  /** A text or an identifier without its quotes; else as written. */
  readonly value: string;
  /** Where it begins in the SQL. */
  readonly start: number;
}

const pattern =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<blob>[xX]'(?:[0-9a-fA-F]{2})*')|(?<text>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[A-Za-z_][^\]]*\])|(?<number>0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>[\p{L}_$][\p{L}\p{N}_$]*)|(?<symbol>->>|\|\||<<|>>|<=|>=|<>|!=|==|->|[^\s])/uy;

/** Cuts SQL into tokens. A quote that is never closed is a symbol of its own, which no parser takes. */
export function readTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(sql); match !== null; match = pattern.exec(sql)) {
    const { space, blob, text, quoted, number, word } = match.groups ?? {};
    const { 0: source, index: start } = match;
    if (space !== undefined) continue;
    if (blob !== undefined) tokens.push({ kind: 'blob', source, value: source.slice(2, -1), start });
    else if (text !== undefined) tokens.push({ kind: 'text', source, value: unquote(source), start });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', source, value: unquote(source), start });
    else if (number !== undefined) tokens.push({ kind: 'number', source, value: source, start });
    else tokens.push({ kind: word === undefined ? 'symbol' : 'word', source, value: source, start });
  }
  return tokens;
}

function unquote(source: string): string {
  const quote = source.at(-1) ?? '';
  const inner = source.slice(1, -1);
  return quote === ']' ? inner : inner.replaceAll(quote + quote, quote);
}
