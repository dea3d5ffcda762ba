/** Where PHP begins in a page; `<?xml` is none. */
const openPattern = /<\?(?:php\b|=|(?!xml\b|\w))|<script\s{1,20}language\s{0,4}=\s{0,4}["']?php["']?\s{0,4}>/gi;
/**
 * What is no plain code: the end of PHP, comments, texts, commands in backticks. Each is taken to its end or to the end of the
 * page, so that the whole takes time linear in its length.
 */
const tokenPattern =
  /\?>|<\/script>|\/\*[\s\S]*?(?:\*\/|$)|(?:\/\/|#(?!\[))(?:(?!\?>)[^\n])*|'[^'\\]*(?:\\[\s\S][^'\\]*)*(?:'|$)|"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|$)|\x60[^\x60\\]*(?:\\[\s\S][^\x60\\]*)*(?:\x60|$)|<<<[ \t]{0,4}["']?(?<label>\w{1,80})["']?\r?\n[\s\S]*?(?:\n[ \t]{0,40}\k<label>\b|$)/gi;
/** Texts that are kept: names of functions, of request values and of what a request brought. */
const tellingText = /^(?:\\?[a-z_]\w{0,60}|php:\/\/input)$/i;
/** A variable in a text, with its index. */
const variablePattern = /\$\{?\w{1,60}(?:\[[^\]\n]{0,60}\])?|\{\$[^}\n]{0,120}\}/g;
const piecesPattern = /'(?:\w{0,60})'(?:\s{0,4}\.\s{0,4}'\w{0,60}'){1,60}/g;

/**
 * The PHP of a page by itself: without what stands around it and without comments; texts are emptied but for single words and the
 * variables that they hold, pieces of words are put together, and a command in backticks is a call of `shell_exec`. `isCode`: the
 * text is PHP from its first character on, as what `eval` gets.
 */
export function phpCode(text: string, isCode = false): string {
  const parts: string[] = [];
  let at = 0;
  for (let isInside = isCode; at < text.length;) {
    if (!isInside) {
      openPattern.lastIndex = at;
      const open = openPattern.exec(text);
      if (open === null) break;
      at = open.index + open[0].length;
      isInside = true;
      continue;
    }
    tokenPattern.lastIndex = at;
    const token = tokenPattern.exec(text);
    parts.push(text.slice(at, token?.index ?? text.length));
    if (token === null) break;
    at = token.index + token[0].length;
    if (/^(?:\?>|<\/script>)/i.test(token[0])) {
      parts.push(';\n');
      isInside = false;
    } else parts.push(plainToken(token[0]));
  }
  return parts.join('').replaceAll(piecesPattern, (pieces) => `'${pieces.replaceAll(/[^\w]/g, '')}'`);
}

function plainToken(token: string): string {
  switch (token.charAt(0)) {
    case "'":
      return quoted(token.slice(1, -1));
    case '"':
      return interpolated(unescaped(token.slice(1, -1)));
    case '\x60':
      return `shell_exec(${interpolated(token.slice(1, -1))})`;
    case '<':
      return interpolated(token.slice(3));
    default:
      return ' ';
  }
}

function quoted(content: string): string {
  return tellingText.test(content) ? `'${content}'` : "''";
}

function interpolated(content: string): string {
  const variables = content.match(variablePattern);
  return variables === null ? quoted(content) : `''.${variables.join('.')}`;
}

/** `"\x61ssert"` and `"\141ssert"` are texts like any other. */
function unescaped(content: string): string {
  return content.replaceAll(/\\(?:x(?<hex>[0-9a-f]{1,2})|(?<octal>[0-7]{1,3}))/gi, (...found) => {
    const { hex, octal } = found.at(-1) as { hex?: string; octal?: string };
    return String.fromCharCode(hex === undefined ? Number.parseInt(octal ?? '0', 8) & 255 : Number.parseInt(hex, 16));
  });
}
