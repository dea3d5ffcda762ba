import type { FieldsTest, NumberTest } from '../condition.ts';
import type { SqlType } from '../resolver.ts';
import { exactNumber } from '../values.ts';
import type { ConditionDialect } from './dialect.ts';
import { elementType } from './views.ts';

/** A number in two exclusive parts, so that whole numbers compare exactly: a 128-bit integer, and a double for the rest. */
interface NumberSql {
  readonly whole: string | undefined;
  readonly real: string | undefined;
}

function numberSql(value: string, type: SqlType, dialect: ConditionDialect): NumberSql {
  switch (elementType(type)) {
    case 'integer':
      return { whole: value, real: undefined };
    case 'time':
      return { whole: dialect.micros(value), real: undefined };
    case 'real':
      return { whole: dialect.wholeOfReal(value), real: dialect.realOfReal(value) };
    case 'text':
      return { whole: dialect.wholeOfText(value), real: dialect.realOfText(value) };
    case 'ip':
    case 'boolean':
      return { whole: undefined, real: undefined };
  }
}

const huge = 2n ** 127n;

/** One value against the limits; null or false when it is no number. */
export function numberTestSql(test: NumberTest, value: string, type: SqlType, dialect: ConditionDialect): string {
  const { whole, real } = numberSql(value, type, dialect);
  if (test.operator === '=') {
    const wholes = test.values
      .map(exactNumber)
      .flatMap(wholeValue)
      .map((limit) => dialect.integer(limit));
    const reals = test.values.map(exactNumber).flatMap(realValue);
    return alternatives([
      whole === undefined || wholes.length === 0 ? undefined : `${whole} IN (${wholes.join(', ')})`,
      real === undefined || reals.length === 0
        ? undefined
        : `${real} IN (${reals.map((limit) => dialect.real(limit)).join(', ')})`,
    ]);
  }
  const [first] = test.values;
  if (first === undefined || Number.isNaN(first)) return 'FALSE';
  const limit = exactNumber(first);
  return alternatives([
    whole === undefined ? undefined : wholeOrder(whole, test.operator, limit, dialect),
    real === undefined ? undefined : `${real} ${test.operator} ${dialect.real(Number(limit))}`,
  ]);
}

/** The value as a whole number below 2^127, where it is one. */
function wholeValue(value: number | bigint): bigint[] {
  if (typeof value === 'number' && !Number.isInteger(value)) return [];
  const whole = BigInt(value);
  return whole < huge && whole > -huge ? [whole] : [];
}

/** The value as a double, where it is one. */
function realValue(value: number | bigint): number[] {
  const real = Number(value);
  return Number.isNaN(real) || (typeof value === 'bigint' && BigInt(real) !== value) ? [] : [real];
}

/** A limit between two whole numbers becomes the one that decides the same; one beyond all decides alone. */
function wholeOrder(
  whole: string,
  operator: '<' | '<=' | '>' | '>=',
  limit: number | bigint,
  dialect: ConditionDialect,
): string {
  const isBelow = operator === '<' || operator === '<=';
  if (limit >= huge) return isBelow ? `${whole} IS NOT NULL` : 'FALSE';
  if (limit <= -huge) return isBelow ? 'FALSE' : `${whole} IS NOT NULL`;
  if (typeof limit === 'bigint') return `${whole} ${operator} ${dialect.integer(limit)}`;
  const isUpward = operator === '<' || operator === '>=';
  return `${whole} ${operator} ${dialect.integer(BigInt(isUpward ? Math.ceil(limit) : Math.floor(limit)))}`;
}

/** Two values that are numbers. */
export function numberPairSql(
  operator: FieldsTest['operator'],
  left: readonly [string, SqlType],
  right: readonly [string, SqlType],
  dialect: ConditionDialect,
): string {
  const sign = operator === 'equals' ? '=' : operator;
  const [a, b] = [numberSql(...left, dialect), numberSql(...right, dialect)];
  const asReal = (whole: string | undefined): string | undefined =>
    whole === undefined ? undefined : dialect.wholeToReal(whole);
  const pair = (one: string | undefined, other: string | undefined): string | undefined =>
    one === undefined || other === undefined ? undefined : `${one} ${sign} ${other}`;
  return alternatives([
    pair(a.whole, b.whole),
    pair(a.real, b.real),
    pair(asReal(a.whole), b.real),
    pair(a.real, asReal(b.whole)),
  ]);
}

function alternatives(parts: readonly (string | undefined)[]): string {
  const present = parts.filter((part) => part !== undefined);
  if (present.length === 0) return 'FALSE';
  return present.length === 1
    ? (present[0] ?? '')
    : `(${present.map((part) => `coalesce(${part}, FALSE)`).join(' OR ')})`;
}
