import { VakthundError } from '../../../base/errors.ts';
import { compileForeignPattern, type PatternFlags } from '../../../base/regex.ts';
import type { BytesTest, FieldTest, FieldsTest, GlobTest, NetworkTest, PathTest, TextTest } from '../condition.ts';
import { prepared } from '../fold.ts';
import { componentPattern, globPattern, literalGlob } from '../patterns.ts';
import type { SqlType } from '../resolver.ts';
import type { ConditionDialect } from './dialect.ts';
import { numberPairSql, numberTestSql } from './numbers.ts';
import { textSql } from './views.ts';

/** A test of one value; null counts as false. */
export function elementSql(
  test: Exclude<FieldTest, { kind: 'exists' | 'fields' }>,
  value: string,
  type: SqlType,
  dialect: ConditionDialect,
): string {
  const text = textSql(value, type, dialect);
  switch (test.kind) {
    case 'text':
      return literalSql(test, test.ignoreCase ? dialect.lower(text) : text, dialect);
    case 'glob':
      return globSql(test, test.ignoreCase ? dialect.lower(text) : text, dialect);
    case 'regex':
      return dialect.matches(text, dialect.text(checkedPattern(test.pattern, test)));
    case 'path':
      return pathSql(test, dialect.tidyPath(text), dialect);
    case 'network':
      return networkSql(test, text, dialect);
    case 'bytes':
      return bytesSql(test, text, dialect);
    case 'number':
      return numberTestSql(test, value, type, dialect);
  }
}

/** From here on one function over a list of constants: planners take quadratic time for long chains of OR. */
const manyValues = 24;

/** The literals against a text that is folded already where case does not count. */
function literalSql(
  test: Pick<TextTest, 'operator' | 'values' | 'ignoreCase'>,
  text: string,
  dialect: ConditionDialect,
): string {
  const values = [...new Set(test.values.map((value) => prepared(value, test.ignoreCase)))].map((value) =>
    dialect.text(value),
  );
  const [first] = values;
  if (first === undefined) return 'FALSE';
  if (test.operator === 'equals') {
    return values.length === 1 ? `${text} = ${first}` : `${text} IN (${values.join(', ')})`;
  }
  const one = dialect[test.operator];
  if (values.length < manyValues) return anySql(values.map((value) => one(text, value)));
  return `${dialect.listLength(dialect.filterList(dialect.list(values), (value) => one(text, value)))} > 0`;
}

export function anySql(parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' OR ')})`;
}

function globSql(test: GlobTest, text: string, dialect: ConditionDialect): string {
  if (test.patterns.length === 0) return 'FALSE';
  return anySql(
    test.patterns.map((glob) => {
      const literal = literalGlob(glob);
      if (literal !== undefined) return literalSql({ ...literal, ignoreCase: test.ignoreCase }, text, dialect);
      return dialect.matches(text, dialect.text(checkedPattern(globPattern(glob, test.ignoreCase))));
    }),
  );
}

/** As the store's RE2 takes it. */
function checkedPattern(pattern: string, flags: PatternFlags = {}): string {
  const compiled = compileForeignPattern(pattern, flags);
  if ('fault' in compiled) {
    throw new VakthundError('CONFIG', `the pattern "${pattern}" cannot be run: ${compiled.fault}`);
  }
  return compiled.re2;
}

/** `path` has a slash after every component. */
function pathSql(test: PathTest, path: string, dialect: ConditionDialect): string {
  const prefixes = test.prefixes.map((prefix) => prefix.filter((glob) => glob.length > 0));
  if (prefixes.length === 0) return 'FALSE';
  return anySql(
    prefixes.map((components) => {
      if (components.length === 0) return `${path} IS NOT NULL`;
      if (components.every((glob) => glob.every((part) => typeof part === 'string'))) {
        return dialect.startsWith(
          path,
          dialect.text(`/${components.map((glob) => prepared(glob.join(''), false)).join('/')}/`),
        );
      }
      const pattern = components.map((glob) => `/${componentPattern(glob)}`).join('');
      return dialect.matches(path, dialect.text(checkedPattern(String.raw`\A${pattern}/`)));
    }),
  );
}

const v4First = 0xffff_0000_0000n;
const v4Last = 0xffff_ffff_ffffn;

function networkSql(test: NetworkTest, text: string, dialect: ConditionDialect): string {
  if (test.ranges.length === 0) return 'FALSE';
  const isWithin = (number: string, first: bigint, last: bigint): string =>
    `${number} BETWEEN ${dialect.address(first)} AND ${dialect.address(last)}`;
  return dialect.bind(dialect.addressNumber(text), (number) =>
    anySql(
      test.ranges.map(({ first, last }) => {
        const isV4 = first >= v4First && last <= v4Last;
        const within = isWithin(number, first, last);
        return isV4 ? within : `(${within} AND NOT ${isWithin(number, v4First, v4Last)})`;
      }),
    ),
  );
}

function bytesSql(test: BytesTest, text: string, dialect: ConditionDialect): string {
  const digits = Buffer.from(test.value).toString('hex').toUpperCase();
  const anywhere = test.operator === 'contains' ? '(?:..)*' : '';
  return dialect.matches(dialect.hex(text), dialect.text(String.raw`\A${anywhere}${digits}`));
}

/** One value of each side. */
export function pairSql(
  test: FieldsTest,
  left: readonly [string, SqlType],
  right: readonly [string, SqlType],
  dialect: ConditionDialect,
): string {
  if (test.as === 'number') {
    return isTextOnly(test.operator) ? 'FALSE' : numberPairSql(test.operator, left, right, dialect);
  }
  const view = (side: readonly [string, SqlType]): string => {
    const text = textSql(...side, dialect);
    return test.ignoreCase ? dialect.lower(text) : text;
  };
  const [a, b] = [view(left), view(right)];
  switch (test.operator) {
    case 'equals':
      return `${a} = ${b}`;
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return dialect[test.operator](a, b);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return `${a} ${test.operator} ${b}`;
  }
}

function isTextOnly(operator: FieldsTest['operator']): boolean {
  return operator === 'contains' || operator === 'startsWith' || operator === 'endsWith';
}
