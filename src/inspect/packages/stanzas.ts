/** Fields of one paragraph of a control file (deb822(5)); names in lower case, lines of a value joined by `\n`. */
export interface Stanza {
  /** Line on which it begins. */
  readonly line: number;
  readonly fields: ReadonlyMap<string, string>;
  /** A line that is neither a field nor a continuation; what the other lines say is kept. */
  readonly badLine: number | undefined;
}

/** Characters of one value. The longest real ones are lists of configuration files, of some kilobytes. */
const maxValueLength = 2 ** 22;

/**
 * The paragraphs of a control file, from its text or its lines. Of a field that comes twice the last value counts, as for dpkg. With
 * `wanted`, names in lower case, the others are left out.
 */
export function* readStanzas(text: string | Iterable<string>, wanted?: ReadonlySet<string>): Generator<Stanza> {
  let fields = new Map<string, string>();
  let first = 0;
  let badLine: number | undefined;
  let key = '';
  let value = '';
  let line = 0;
  const endField = (): void => {
    if (key !== '' && (wanted === undefined || wanted.has(key))) fields.set(key, value);
    key = '';
  };
  for (const written of typeof text === 'string' ? linesOfText(text) : text) {
    const content = written.trimEnd();
    line++;
    if (content === '') {
      endField();
      if (fields.size > 0 || badLine !== undefined) yield { line: first, fields, badLine };
      fields = new Map();
      badLine = undefined;
      first = 0;
      continue;
    }
    if (first === 0) first = line;
    if (content[0] === ' ' || content[0] === '\t') {
      if (key === '') badLine ??= line;
      else if (value.length < maxValueLength) value += `\n${content}`;
      continue;
    }
    endField();
    const colon = content.indexOf(':');
    if (colon <= 0) badLine ??= line;
    else {
      key = content.slice(0, colon).toLowerCase();
      value = content.slice(colon + 1).trimStart();
    }
  }
  endField();
  if (fields.size > 0 || badLine !== undefined) yield { line: first, fields, badLine };
}

function* linesOfText(text: string): Generator<string> {
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    yield text.slice(start, end);
    start = end + 1;
  }
}
