import { callOf, castOf, constantOf, isTextConstant, type QueryNode, textConstant } from './query-tree.ts';

const directive =
  /%(?<flags>[-+ 0#,!]*)(?<width>\d{0,4})(?<precision>\.\d{0,4})?(?:ll|l)?(?<type>[diufeEgGxXoszcqQw%])|%[^%]/g;

/**
 * `printf` of SQLite with a constant format, piece by piece: each value is made what its directive wants, NULL is 0 or empty,
 * and so is a value that is not there. Undefined for a format that is not constant, or not known.
 */
export function printfPieces(children: readonly QueryNode[]): QueryNode | undefined {
  const [format, ...values] = children;
  const text = isTextConstant(format) ? constantOf(format) : undefined;
  if (text === undefined) return undefined;
  const pieces: QueryNode[] = [];
  let [from, used] = [0, 0];
  for (const { 0: source, index, groups } of text.matchAll(directive)) {
    const { flags = '', width = '', precision = '', type } = groups ?? {};
    if (type === undefined) return undefined;
    if (index > from) pieces.push(textConstant(text.slice(from, index)));
    from = index + source.length;
    if (type === '%') pieces.push(textConstant('%'));
    else pieces.push(pieceOf(type, `%${flags.replace('!', '')}${width}${precision}`, values[used++]));
  }
  if (from < text.length) pieces.push(textConstant(text.slice(from)));
  return callOf('concat', [textConstant(''), ...pieces]);
}

function pieceOf(type: string, head: string, value: QueryNode | undefined): QueryNode {
  const given = value ?? textConstant('');
  if ('diuxXo'.includes(type)) {
    const spec = type === 'i' || type === 'u' ? 'd' : type;
    return callOf('printf', [textConstant(head + spec), callOf('sqlite_integer_or_0', [given])]);
  }
  if ('feEgG'.includes(type)) return callOf('printf', [textConstant(head + type), callOf('sqlite_real_or_0', [given])]);
  const text = textOf(type, given);
  return head === '%' ? text : callOf('printf', [textConstant(`${head}s`), callOf('sqlite_text_or_none', [text])]);
}

function textOf(type: string, value: QueryNode): QueryNode {
  const text = callOf('sqlite_text', [value]);
  switch (type) {
    case 'c':
      return callOf('substr', [text, castOf(textConstant('1'), 'BIGINT'), castOf(textConstant('1'), 'BIGINT')]);
    case 'q':
      return callOf('replace', [text, textConstant("'"), textConstant("''")]);
    case 'w':
      return callOf('replace', [text, textConstant('"'), textConstant('""')]);
    case 'Q':
      return callOf('sqlite_quoted', [text]);
    default:
      return text;
  }
}
