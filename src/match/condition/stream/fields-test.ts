import type { FieldsTest } from '../condition.ts';
import { foldCase } from '../fold.ts';
import type { Scalar, StreamField } from '../resolver.ts';
import { isList, isPresent, numberOf, textOf } from '../values.ts';
import type { Predicate } from './scope.ts';
import { orderTest } from './tests.ts';

/** Values of one side against values of the other. */
export function fieldsTest<R>(test: FieldsTest, left: StreamField<R>, right: StreamField<R>): Predicate<R> {
  const fits = pairTest(test);
  const isEvery = test.quantor === 'every';
  return (record) => {
    const [ours, theirs] = [presentValues(left, record), presentValues(right, record)];
    if (ours.length === 0 || theirs.length === 0) return false;
    const fitsOne = (value: Scalar): boolean => theirs.some((other) => fits(value, other));
    return isEvery ? ours.every(fitsOne) : ours.some(fitsOne);
  };
}

function presentValues<R>(field: StreamField<R>, record: R): readonly Scalar[] {
  const value = field.get(record);
  if (value === undefined || value === null) return [];
  if (!isList(value)) return isPresent(value) ? [value] : [];
  return value.filter((element) => element !== null && isPresent(element)) as readonly Scalar[];
}

function pairTest(test: FieldsTest): (left: Scalar, right: Scalar) => boolean {
  if (test.as === 'number') {
    const compare = numberPair(test.operator);
    return (left, right) => {
      const [a, b] = [numberOf(left), numberOf(right)];
      return a !== undefined && b !== undefined && compare(a, b);
    };
  }
  const compare = textPair(test.operator);
  const view = test.ignoreCase
    ? (value: Scalar): string => foldCase(textOf(value) ?? '')
    : (value: Scalar): string => textOf(value) ?? '';
  return (left, right) => compare(view(left).toWellFormed(), view(right).toWellFormed());
}

function numberPair(operator: FieldsTest['operator']): (a: number | bigint, b: number | bigint) => boolean {
  switch (operator) {
    case '<':
    case '<=':
    case '>':
    case '>=':
      return orderTest(operator);
    case 'equals':
      // By order, because `===` tells the two number types apart.
      return (a, b) => !(a < b) && !(a > b);
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return () => false;
  }
}

function textPair(operator: FieldsTest['operator']): (a: string, b: string) => boolean {
  switch (operator) {
    case 'equals':
      return (a, b) => a === b;
    case 'contains':
      return (a, b) => a.includes(b);
    case 'startsWith':
      return (a, b) => a.startsWith(b);
    case 'endsWith':
      return (a, b) => a.endsWith(b);
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const order = orderTest(operator);
      return (a, b) => order(codePointOrder(a, b), 0);
    }
  }
}

/** Negative, 0 or positive. JavaScript's own order is by code units, where surrogates stand before U+E000. */
function codePointOrder(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return (unit & 0xf800) === 0xd800 ? unit + 0x1_0000 : unit;
}
