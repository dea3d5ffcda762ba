import type { SqlToken } from './lexer.ts';

/** One expression of a SELECT list, by the places of its tokens: from `first` up to and including `last`. */
interface ResultItem {
  readonly first: number;
  readonly last: number;
  readonly isOutermost: boolean;
}

const endsList = new Set('from where group having order limit union except intersect window'.split(' '));
/** Behind these a name or a text belongs to the expression. */
const operators = new Set(
  'and or not is like glob regexp match between in collate distinct all case when then else escape from select exists null isnull notnull end over as by cast'.split(
    ' ',
  ),
);

/** What stands before or instead of tokens, by their places, so that result columns have the names that SQLite gives them. */
export interface NameEdits {
  /** Tokens that are names although they look like texts. */
  readonly names: ReadonlySet<number>;
  /** Written behind a token: ` AS "count(*)"`. */
  readonly behind: ReadonlyMap<number, string>;
}

/**
 * SQLite calls a result column by the text of its expression where the query gives no name, and takes a text for a name:
 * `SELECT count(*), pid 'the pid'`.
 */
export function nameResults(sql: string, tokens: readonly SqlToken[]): NameEdits {
  const names = new Set<number>();
  const behind = new Map<number, string>();
  let isFirst = true;
  for (const { first, last, isOutermost } of itemsIn(tokens)) {
    const alias = aliasAt(tokens, first, last);
    if (alias !== undefined) {
      if (alias.isBare && tokens[last]?.kind !== 'word') {
        names.add(last);
        behind.set(last - 1, ' AS');
      }
    } else if (isOutermost && isFirst && isExpression(tokens, first, last)) {
      const [from, to] = [tokens[first], tokens[last]];
      const text = sql.slice(from?.start ?? 0, (to?.start ?? 0) + (to?.source.length ?? 0));
      behind.set(last, ` AS "${text.replaceAll('"', '""')}"`);
    }
    // Of SELECTs that are put together the first names the columns.
    if (isOutermost && !isWordAt(tokens, last + 1, ',')) isFirst = false;
  }
  return { names, behind };
}

function* itemsIn(tokens: readonly SqlToken[]): Generator<ResultItem> {
  /** For each open parenthesis: where the item around it begins; undefined outside of a list. */
  const stack: (number | undefined)[] = [];
  let begin: number | undefined;
  for (const [index, token] of tokens.entries()) {
    const word = token.kind === 'word' || token.kind === 'symbol' ? token.value.toLowerCase() : '';
    const isOutermost = stack.length === 0;
    if (word === '(') {
      stack.push(begin);
      begin = undefined;
    } else if (word === ')') {
      if (begin !== undefined && begin < index) yield { first: begin, last: index - 1, isOutermost };
      begin = stack.pop();
    } else if (word === 'select') begin = index + 1;
    else if ((word === 'distinct' || word === 'all') && begin === index) begin = index + 1;
    else if (
      begin !== undefined &&
      (word === ',' || (endsList.has(word) && !isWordAt(tokens, index - 1, 'distinct')))
    ) {
      if (begin < index) yield { first: begin, last: index - 1, isOutermost };
      begin = word === ',' ? index + 1 : undefined;
    }
  }
  if (begin !== undefined && begin < tokens.length) yield { first: begin, last: tokens.length - 1, isOutermost: true };
}

/** `isBare`: without AS. Undefined where the item has none. */
function aliasAt(tokens: readonly SqlToken[], first: number, last: number): { readonly isBare: boolean } | undefined {
  const [end, before] = [tokens[last], tokens[last - 1]];
  if (end === undefined || before === undefined || last - 1 < first) return undefined;
  if (isWordAt(tokens, last - 1, 'as')) return { isBare: false };
  if (!['word', 'quoted', 'text'].includes(end.kind)) return undefined;
  if (end.kind === 'word' && operators.has(end.value.toLowerCase())) return undefined;
  const isEnd =
    before.kind === 'word'
      ? !operators.has(before.value.toLowerCase()) || /^(?:end|null|isnull|notnull)$/i.test(before.value)
      : before.kind !== 'symbol' || before.source === ')';
  return isEnd ? { isBare: true } : undefined;
}

/** Anything but a column and `*`. */
function isExpression(tokens: readonly SqlToken[], first: number, last: number): boolean {
  const end = tokens[last];
  if (end?.source === '*' && (last === first || tokens[last - 1]?.source === '.')) return false;
  const isPath = last === first || (last - first === 2 && tokens[first + 1]?.source === '.');
  return !isPath || (end?.kind !== 'word' && end?.kind !== 'quoted');
}

function isWordAt(tokens: readonly SqlToken[], index: number, word: string): boolean {
  return tokens[index]?.value.toLowerCase() === word && tokens[index]?.kind !== 'text';
}
