import type { TextTest } from '../condition.ts';
import { prepared } from '../fold.ts';
import { LiteralAutomaton } from './automaton.ts';
import { EdgeLiterals } from './edges.ts';

export type TextPredicate = (text: string) => boolean;

/** The test of one text against the literals; with `ignoreCase` for texts that are folded already. */
export function textTest(test: Pick<TextTest, 'operator' | 'values' | 'ignoreCase'>): TextPredicate {
  const values = [...new Set(test.values.map((value) => prepared(value, test.ignoreCase)))];
  const predicate = literalTest(test.operator, values);
  return values.some((value) => value.includes('\uFFFD')) ? wellFormed(predicate) : predicate;
}

/** A lone surrogate becomes the U+FFFD that a store keeps of it, for tests to which that matters. */
export function wellFormed(test: TextPredicate): TextPredicate {
  return (text) => test(text.isWellFormed() ? text : text.toWellFormed());
}

function literalTest(operator: TextTest['operator'], values: readonly string[]): TextPredicate {
  const [first] = values;
  if (first === undefined) return () => false;
  switch (operator) {
    case 'equals':
      return equalsOne(values);
    case 'contains':
      return values.length === 1 ? (text) => text.includes(first) : containsOne(values);
    case 'startsWith':
      return values.length === 1 ? (text) => text.startsWith(first) : edgeOne(values, 'start');
    case 'endsWith':
      return values.length === 1 ? (text) => text.endsWith(first) : edgeOne(values, 'end');
  }
}

function equalsOne(values: readonly string[]): TextPredicate {
  const [first, second] = values;
  if (values.length === 1) return (text) => text === first;
  if (values.length === 2) return (text) => text === first || text === second;
  const set = new Set(values);
  return (text) => set.has(text);
}

function edgeOne(values: readonly string[], edge: 'start' | 'end'): TextPredicate {
  const literals = EdgeLiterals.of(values, edge);
  if (literals !== undefined) return (text) => literals.hasAny(text);
  return edge === 'start'
    ? (text) => values.some((value) => text.startsWith(value))
    : (text) => values.some((value) => text.endsWith(value));
}

/** From here on one pass of an automaton is cheaper than a search for each literal. */
const manyLiterals = 12;

function containsOne(values: readonly string[]): TextPredicate {
  const automaton = values.length >= manyLiterals ? LiteralAutomaton.of(values) : undefined;
  if (automaton !== undefined) return (text) => automaton.hasAny(text);
  return (text) => {
    for (const value of values) if (text.includes(value)) return true;
    return false;
  };
}
