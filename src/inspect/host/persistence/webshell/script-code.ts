/** How a language writes what is no plain code. */
export interface Lexis {
  /** Comments, texts and patterns, each to its end or to the end of the script. */
  readonly tokens: RegExp;
  /** Values in a text: `${x}`, `#{x}`, `$x`. */
  readonly values?: RegExp;
  /** Marks of texts in which there are values. */
  readonly open?: string;
  /** What a text in backticks is a call of, where it runs a command. */
  readonly backticks?: string;
  /** Tokens that are comments although they begin as a text does. */
  readonly comments?: RegExp;
  /** How a text is joined with the values in it. */
  readonly join: string;
}

/** Texts that are kept: words, names of programs and options, what a request is asked for. */
const tellingText = /^[\w.,:/|<>&=+ -]{0,60}$/;
/** Pieces of words that are put together. */
const piecesPattern =
  /(?<quote>['"])(?<first>[\w.]{0,60})\k<quote>\s{0,4}[+&.]\s{0,4}(?:(['"])[\w.]{0,60}\3\s{0,4}[+&.]\s{0,4}){0,40}(['"])[\w.]{0,60}\4/g;

/**
 * A script without comments and patterns, its texts emptied but for telling ones and the values that they hold, so that quotes in
 * it are those of code. Takes time linear in the script.
 */
export function scriptCode(text: string, { tokens, values, open = '', backticks, comments, join }: Lexis): string {
  const plain = text.replaceAll(tokens, (token) => {
    if (comments?.test(token) === true) return ' ';
    const prefix = /^[fFbBrRuU@$]{0,2}(?=["'])/.exec(token)?.[0] ?? '';
    const mark = token.charAt(prefix.length);
    if (mark === '`' && backticks !== undefined) return `${backticks}(${joined(token.slice(1, -1), values, join)})`;
    if (mark !== '"' && mark !== "'" && mark !== '`') return token.includes('\n') ? '\n' : ' ';
    const isLong = token.startsWith(mark.repeat(3), prefix.length);
    const content = token.slice(prefix.length + (isLong ? 3 : 1), isLong ? -3 : -1);
    const hasValues = open.includes(mark) || /f/i.test(prefix);
    return hasValues ? joined(content, values, join) : quoted(content);
  });
  return plain.replaceAll(
    piecesPattern,
    (pieces) => `'${pieces.replaceAll(/[^\w.]|(?<=['"]\s{0,4})\.(?=\s{0,4}['"])/g, '')}'`,
  );
}

function quoted(content: string): string {
  return tellingText.test(content) ? `'${content}'` : "''";
}

/** A text is `'' + (x) + ''`, where it has values. */
function joined(content: string, values: RegExp | undefined, join: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { 0: whole, index, groups } of values === undefined ? [] : content.matchAll(values)) {
    parts.push(quoted(content.slice(at, index)), `(${groups?.['value'] ?? whole})`);
    at = index + whole.length;
  }
  return [...parts, quoted(content.slice(at))].join(join === '' ? ' ' : join);
}

const pageCode =
  /<%(?!--|@)[=!]?(?<block>[\s\S]*?)(?:%>|$)|<script\b[^>]{0,200}\brunat[^>]{0,200}>(?<script>[\s\S]*?)(?:<\/script>|$)|<jsp:(?:scriptlet|declaration|expression)>(?<element>[\s\S]*?)(?:<\/jsp:|$)|[$#]\{(?<expression>[^{}\n]{0,400})\}/gi;

/** The code in a page; what has none of its marks and is a class by itself is code from its beginning on. */
export function codeInPage(text: string): string {
  const parts = [...text.matchAll(pageCode)].map(({ groups }) => {
    const { block, script, element, expression } = groups ?? {};
    return block ?? script ?? element ?? expression ?? '';
  });
  const isPage = /<%(?!@)|<jsp:|\brunat\b/i.test(text);
  return isPage || parts.length > 0 ? parts.join(';\n') : text;
}
