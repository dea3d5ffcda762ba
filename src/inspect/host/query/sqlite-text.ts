import { readTokens, type SqlToken } from './lexer.ts';
import { rewriteLimits } from './limits.ts';
import { nameResults } from './result-names.ts';

/** What a name in a query may mean: the columns of each table, in lower case. */
export interface KnownTables {
  columnsOf(table: string): readonly string[] | undefined;
}

/** Columns of osquery's tables that are words of the grammar here: they stand bare where SQLite takes them for names. */
const awkwardColumns = new Set(['user', 'offset', 'end', 'interval', 'use', 'set']);
/** Words and signs after which a name begins an expression. */
const beforeExpression = new Set(
  'select distinct , ( and or not by where on when then else = == != <> < > <= >= +'.split(' '),
);
const castNames = new Set(['date', 'time', 'char']);
const afterIs = new Set(['null', 'true', 'false', 'distinct', 'unknown']);

/**
 * Writes the words of a query so that the parser here reads what SQLite would: texts in double quotes, identifiers in
 * backticks or brackets, `IS` between values, `REGEXP`, columns that have the name of a keyword, numbers and blobs as SQLite
 * writes them, `LIMIT a, b`, `IN ()`, and the names of result columns.
 */
export function rewriteText(sql: string, tables: KnownTables): string {
  const tokens = readTokens(sql);
  while (tokens.at(-1)?.source === ';') tokens.pop();
  const names = namesIn(tokens, tables);
  const joins = commaJoins(tokens);
  const casts = numericCasts(tokens);
  const limits = rewriteLimits(tokens);
  const results = nameResults(sql, tokens);
  const written = tokens.map((token, index) => {
    const instead = joins.has(index) ? 'CROSS JOIN' : (casts.get(index) ?? limits.instead.get(index));
    const own = results.names.has(index) ? asName(token.value) : rewriteToken(token, tokens, index, names);
    const before = limits.before.get(index);
    return `${before === undefined ? '' : `${before} `}${instead ?? own}${results.behind.get(index) ?? ''}`;
  });
  return written.join(' ');
}

const castTypes: ReadonlyMap<string, string> = new Map([
  ...['int', 'integer', 'bigint', 'smallint', 'tinyint', 'numeric'].map((type) => [type, 'sqlite_integer'] as const),
  ...['real', 'double', 'float'].map((type) => [type, 'sqlite_real'] as const),
]);

/** Casts to numbers as calls of functions that cast as SQLite does: what stands at each of their places instead. */
function numericCasts(tokens: readonly SqlToken[]): ReadonlyMap<number, string> {
  const written = new Map<number, string>();
  const open: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.source === '(') open.push(index);
    if (token.source !== ')') continue;
    const start = open.pop();
    const name = castTypes.get(tokens[index - 1]?.value.toLowerCase() ?? '');
    if (start === undefined || name === undefined || !isWord(tokens[start - 1], 'cast')) continue;
    if (!isWord(tokens[index - 2], 'as')) continue;
    written
      .set(start - 1, name)
      .set(index - 2, '')
      .set(index - 1, '');
  }
  return written;
}

const endsFrom = new Set('where group order having limit window union except intersect select'.split(' '));

/** Places of commas between tables. For SQLite they are joins like any other, from left to right; here they would come last. */
function commaJoins(tokens: readonly SqlToken[]): ReadonlySet<number> {
  const joins = new Set<number>();
  const stack: boolean[] = [];
  let inFrom = false;
  for (const [index, token] of tokens.entries()) {
    const word = token.kind === 'word' || token.kind === 'symbol' ? token.value.toLowerCase() : '';
    if (word === '(') {
      stack.push(inFrom);
      inFrom = false;
    } else if (word === ')') inFrom = stack.pop() ?? false;
    else if (word === 'from') inFrom = !isWord(tokens[index - 1], 'distinct');
    else if (endsFrom.has(word)) inFrom = false;
    else if (word === ',' && inFrom) joins.add(index);
  }
  return joins;
}

/** Columns of the tables that are named, and every name that the query itself gives. */
function namesIn(tokens: readonly SqlToken[], tables: KnownTables): { columns: Set<string>; given: Set<string> } {
  const columns = new Set<string>();
  const given = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' && token.kind !== 'quoted') continue;
    for (const column of tables.columnsOf(token.value.toLowerCase()) ?? []) columns.add(column);
    if (isWord(tokens[index - 1], 'as')) given.add(token.value.toLowerCase());
  }
  return { columns, given };
}

function rewriteToken(
  token: SqlToken,
  tokens: readonly SqlToken[],
  index: number,
  names: { columns: Set<string>; given: Set<string> },
): string {
  const [before, after] = [tokens[index - 1], tokens[index + 1]];
  const isPart = before?.source === '.' || after?.source === '.';
  const lower = token.value.toLowerCase();
  switch (token.kind) {
    case 'quoted': {
      const isName = isPart || isWord(before, 'as') || names.columns.has(lower) || names.given.has(lower);
      return token.source.startsWith('"') && !isName ? asText(token.value) : asName(token.value);
    }
    case 'text':
      return isWord(before, 'as') ? asName(token.value) : token.source;
    case 'word':
      if (before?.source === '.') return asName(token.value);
      if (isAwkward(lower, before, after, names.columns)) return asName(token.value);
      return rewriteWord(token, tokens, index);
    case 'number':
      return rewriteNumber(token.source);
    case 'blob':
      return `from_hex('${token.value}')`;
    case 'symbol':
      return isEmptyList(token, tokens, index) ? 'SELECT NULL WHERE 1 = 2 )' : token.source;
  }
}

/** Hexadecimal numbers as decimal ones; what has a point is a double, where the engine would take a decimal. */
function rewriteNumber(source: string): string {
  if (/^0x/i.test(source)) return String(BigInt.asIntN(64, BigInt(source)));
  if (!source.includes('.') || /e/i.test(source)) return source;
  return `${source.startsWith('.') ? '0' : ''}${source}${source.endsWith('.') ? '0' : ''}e0`;
}

/** The end of `IN ()`. */
function isEmptyList(token: SqlToken, tokens: readonly SqlToken[], index: number): boolean {
  return token.source === ')' && tokens[index - 1]?.source === '(' && isWord(tokens[index - 2], 'in');
}

function rewriteWord(token: SqlToken, tokens: readonly SqlToken[], index: number): string {
  if (isWord(token, 'regexp')) return 'SIMILAR TO';
  const [before, after] = [tokens[index - 1], tokens[index + 1]];
  // The grammar here takes these for casts.
  if (after?.source === '(' && castNames.has(token.value.toLowerCase())) return `sqlite_${token.value}`;
  const isTruth = isWord(token, 'true') || isWord(token, 'false');
  if (isTruth && !isWord(before, 'is') && !isWord(before, 'not')) return isWord(token, 'true') ? '1' : '0';
  // `a IS b` and `a IS NOT b` compare values where nothing special follows.
  const isNot = isWord(token, 'not') && isWord(before, 'is');
  if (!isNot && !(isWord(token, 'is') && !isWord(after, 'not'))) return token.source;
  const isSpecial = after === undefined || (after.kind === 'word' && afterIs.has(after.value.toLowerCase()));
  if (isSpecial) return token.source;
  return isNot ? 'DISTINCT FROM' : 'IS NOT DISTINCT FROM';
}

function isAwkward(
  word: string,
  before: SqlToken | undefined,
  after: SqlToken | undefined,
  columns: ReadonlySet<string>,
): boolean {
  if (!awkwardColumns.has(word) || !columns.has(word) || before === undefined) return false;
  if (after?.source === '(' || after?.kind === 'number' || after?.kind === 'text') return false;
  return beforeExpression.has(before.source.toLowerCase());
}

function isWord(token: SqlToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.value.toLowerCase() === word;
}

function asText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function asName(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
