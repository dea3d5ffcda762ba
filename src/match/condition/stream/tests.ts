import { VakthundError } from '../../../base/errors.ts';
import { compileForeignPattern } from '../../../base/regex.ts';
import type { BytesTest, GlobTest, NumberTest, PathTest, RegexTest } from '../condition.ts';
import { prepared } from '../fold.ts';
import { componentPattern, globPattern, literalGlob, longestText } from '../patterns.ts';
import { textTest, wellFormed, type TextPredicate } from './literals.ts';
import type { Scalar } from '../resolver.ts';
import { exactNumber, numberKey, numberOf, textOf } from '../values.ts';

/** One glob after another; those with only a leading and a trailing `*` are plain literal tests. */
export function globTest(test: GlobTest): TextPredicate {
  const predicates = test.patterns.map((glob): TextPredicate => {
    const literal = literalGlob(glob);
    if (literal !== undefined) return textTest({ ...literal, ignoreCase: test.ignoreCase });
    const matches = patternTest(globPattern(glob, test.ignoreCase));
    const hasText = textTest({ operator: 'contains', values: [longestText(glob)], ignoreCase: test.ignoreCase });
    return (text) => hasText(text) && matches(text);
  });
  const [first] = predicates;
  if (first !== undefined && predicates.length === 1) return first;
  return (text) => predicates.some((predicate) => predicate(text));
}

export function regexTest(test: RegexTest): TextPredicate {
  const compiled = compileForeignPattern(test.pattern, test);
  if ('fault' in compiled) {
    throw new VakthundError('CONFIG', `the pattern "${test.pattern}" cannot be run: ${compiled.fault}`);
  }
  return wellFormed((text) => compiled.test(text));
}

function patternTest(re2: string): TextPredicate {
  const compiled = compileForeignPattern(re2);
  if ('fault' in compiled) throw new VakthundError('CONFIG', `a wildcard cannot be run: ${compiled.fault}`);
  return wellFormed((text) => compiled.test(text));
}

export function pathTest(test: PathTest): TextPredicate {
  const literal: string[] = [];
  const patterns: string[] = [];
  for (const prefix of test.prefixes) {
    const components = prefix.filter((glob) => glob.length > 0);
    if (components.every((glob) => glob.every((part) => typeof part === 'string'))) {
      literal.push(components.map((glob) => `/${prepared(glob.join(''), false)}`).join(''));
    } else patterns.push(components.map((glob) => `/${componentPattern(glob)}`).join(''));
  }
  const inLiteral = prefixTree(literal);
  if (patterns.length === 0) return (path) => inLiteral(tidyPath(path));
  const inPattern = patternTest(String.raw`\A(?s:${patterns.join('|')})(?:/|\z)`);
  return (path) => {
    const tidy = tidyPath(path);
    return inLiteral(tidy) || inPattern(tidy);
  };
}

/** A leading `/` before every component, none at the end, none twice. */
function tidyPath(path: string): string {
  const absolute = path.charCodeAt(0) === 47 ? path : `/${path}`;
  if (!absolute.includes('//') && !absolute.endsWith('/')) return absolute;
  return absolute.replace(/\/{2,}/g, '/').replace(/\/$/, '');
}

function prefixTree(prefixes: readonly string[]): TextPredicate {
  if (prefixes.length === 0) return () => false;
  if (prefixes.includes('')) return () => true;
  const set = new Set(prefixes);
  return (path) => {
    if (set.has(path)) return true;
    for (let slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
      if (set.has(path.slice(0, slash))) return true;
    }
    return false;
  };
}

export function numberTest(test: NumberTest): (value: Scalar) => boolean {
  if (test.operator === '=') {
    const set = new Set(test.values.map((value) => numberKey(exactNumber(value))));
    return (value) => {
      const number = numberOf(value);
      return number !== undefined && set.has(numberKey(number));
    };
  }
  const [first] = test.values;
  if (first === undefined || Number.isNaN(first)) return () => false;
  const limit = exactNumber(first);
  const order = orderTest(test.operator);
  return (value) => {
    const number = numberOf(value);
    return number !== undefined && order(number, limit);
  };
}

/** Order of numbers or of texts; exact between numbers of both types. */
export function orderTest(
  operator: '<' | '<=' | '>' | '>=',
): <T extends number | bigint | string>(a: T, b: T) => boolean {
  switch (operator) {
    case '<':
      return (a, b) => a < b;
    case '<=':
      return (a, b) => a <= b;
    case '>':
      return (a, b) => a > b;
    case '>=':
      return (a, b) => a >= b;
  }
}

export function bytesTest(test: BytesTest): (value: Scalar) => boolean {
  const wanted = Buffer.from(test.value);
  const bytesOf = (value: Scalar): Buffer | undefined => {
    if (typeof value === 'object') return Buffer.from(value.buffer, value.byteOffset, value.length);
    const text = textOf(value);
    return text === undefined ? undefined : Buffer.from(text);
  };
  if (test.operator === 'contains') return (value) => bytesOf(value)?.includes(wanted) ?? false;
  return (value) => bytesOf(value)?.subarray(0, wanted.length).equals(wanted) ?? false;
}
