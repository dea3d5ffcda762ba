import type { Check, Expression } from './filter/ast.ts';
import { allTypes, complementOf, intersection, noTypes, union, type TypeSet } from './fields/event-types.ts';

/**
 * The event types on which a condition without macros can be true, by set algebra over its tree. Tests of other fields
 * stay neutral under `not`; `evt.num = 0` is never true (the idiom of placeholder macros) and its negation always is.
 */
export function eventTypesOf(expression: Expression): TypeSet {
  return typesOf(expression, false);
}

/** Negation is pushed down to the leaves, because a neutral test must not turn into the empty set. */
function typesOf(expression: Expression, isNegated: boolean): TypeSet {
  switch (expression.kind) {
    case 'not':
      return typesOf(expression.of, !isNegated);
    case 'and':
    case 'or': {
      const isConjunction = (expression.kind === 'and') !== isNegated;
      const sets = expression.of.map((member) => typesOf(member, isNegated));
      return isConjunction ? sets.reduce(intersection, allTypes) : sets.reduce(union, noTypes);
    }
    case 'check': {
      const set = leafTypes(expression);
      if (set === undefined) return allTypes;
      return isNegated ? complementOf(set) : set;
    }
    case 'exists': {
      const { left } = expression;
      const isTypeTest = left.kind === 'field' && left.name === 'evt.type';
      return isTypeTest && isNegated ? noTypes : allTypes;
    }
    case 'identifier':
      return allTypes;
  }
}

/** What a leaf says about the event type; undefined when it says nothing. */
function leafTypes(check: Check): TypeSet | undefined {
  const { left, operator, right } = check;
  if (left.kind !== 'field' || left.argument !== undefined || check.modifier !== undefined) return undefined;
  if (left.name === 'evt.num') return right.kind === 'value' ? numberTypes(operator, right.value) : undefined;
  if (left.name !== 'evt.type' && left.name !== 'syscall.type') return undefined;
  const names = right.kind === 'values' ? right.values : undefined;
  const values = right.kind === 'value' ? [right.value] : names;
  if (values === undefined) return undefined;
  const set: TypeSet = { isComplement: false, names: new Set(values) };
  if (operator === '=' || operator === '==' || operator === 'in') return set;
  return operator === '!=' ? complementOf(set) : undefined;
}

/** Events are numbered from 1. */
function numberTypes(operator: string, value: string): TypeSet | undefined {
  if (Number(value) !== 0) return undefined;
  if (operator === '=' || operator === '==' || operator === '<=') return noTypes;
  if (operator === '<') return noTypes;
  return operator === '!=' || operator === '>' ? allTypes : undefined;
}

/**
 * The event types to which every version of Falco limits a rule, or undefined for none. Versions before 0.28 read tests
 * of `evt.type` from left to right and gave up at one that stands behind a negation, which is why style guides want
 * them first.
 */
export function leadingEventTypes(expression: Expression): readonly string[] | undefined {
  const names = new Set<string>();
  let isBehindNegation = false;
  const visit = (node: Expression): boolean => {
    if (node.kind === 'and' || node.kind === 'or') return node.of.every(visit);
    if (node.kind === 'not') {
      isBehindNegation = true;
      return visit(node.of);
    }
    if (node.kind !== 'check') return true;
    isBehindNegation ||= node.operator === '!=';
    const set = node.left.kind === 'field' && node.left.name === 'evt.type' ? leafTypes(node) : undefined;
    if (set === undefined) return true;
    for (const name of set.names) names.add(name);
    return !isBehindNegation && !set.isComplement;
  };
  return visit(expression) && names.size > 0 ? [...names].sort() : undefined;
}
