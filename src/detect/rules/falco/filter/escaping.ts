const meanings: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  // Falco keeps an old mistake of rule writers working: a backslash before a blank stands for the backslash.
  ' ': '\\',
  '\\': '\\',
  '/': '/',
};

/** What a quoted text (quotes included) stands for, or why its escapes are not valid. `\xHH` is one byte. */
export function unescapeQuoted(quoted: string): string | { readonly fault: string } {
  const body = quoted.slice(1, -1);
  if (!body.includes('\\')) return body;
  const quote = quoted.charAt(0);
  let text = '';
  for (let index = 0; index < body.length; index++) {
    const char = body.charAt(index);
    if (char !== '\\') {
      text += char;
      continue;
    }
    index++;
    const escape = body.charAt(index);
    const meaning = meanings[escape];
    if (meaning !== undefined) text += meaning;
    else if (escape === '"' || escape === "'") {
      if (escape !== quote) return { fault: `invalid \\${escape} escape in ${quote}-quoted string` };
      text += escape;
    } else if (escape === 'x' && /^[0-9a-fA-F]{2}$/.test(body.slice(index + 1, index + 3))) {
      text += String.fromCharCode(Number.parseInt(body.slice(index + 1, index + 3), 16));
      index += 2;
    } else return { fault: `unsupported string escape sequence: \\${escape}` };
  }
  return text;
}

const escapes: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
  '"': '\\"',
};

/** A value as Falco prints it in a condition: quoted when it holds a blank, a quote, a backslash or a control character. */
export function quoteValue(value: string): string {
  if (!/[\b\f\n\r\t \\"']/.test(value)) return value;
  return `"${value.replaceAll(/[\b\f\n\r\t\\"]/g, (char) => escapes[char] ?? char)}"`;
}
