import { describe, expect, it } from 'vitest';
import {
  allOf,
  always,
  anyOf,
  fieldSubject,
  never,
  not,
  type Condition,
  type Subject,
  type TextTest,
} from './condition.ts';
import { conditionFault } from './limits.ts';
import { compileCondition } from './stream/rule-set.ts';
import type { StreamResolver } from './resolver.ts';

const word: Subject = fieldSubject('word');
const test: TextTest = { kind: 'text', subject: word, operator: 'equals', values: ['a'], ignoreCase: false };
const words: StreamResolver<string> = {
  field: () => ({ type: 'text', get: (record) => record }),
  allFields: () => ({ type: 'text', get: (record) => record }),
};

describe('what is refused before it runs', () => {
  it('is nesting that would overflow the stack, found without recursion', () => {
    let deep: Condition = test;
    for (let depth = 0; depth < 100_000; depth++) deep = { kind: depth % 2 === 0 ? 'all' : 'any', of: [deep, test] };
    expect(conditionFault(deep)).toBe('nested deeper than 1000 levels');
    let subject = word;
    for (let depth = 0; depth < 100_000; depth++) subject = { kind: 'transform', transform: 'lower', of: [subject] };
    expect(conditionFault({ kind: 'exists', subject })).toBe('transformers nested deeper than 100');
  });

  it('is a condition of more parts than compiling takes moments for', () => {
    const wide = (count: number): Condition => ({ kind: 'any', of: Array.from({ length: count }, () => test) });
    expect(conditionFault(wide(100_001))).toBe('more than 100000 parts');
    expect(conditionFault(wide(100_000))).toBeUndefined();
  });

  it('is a pattern that RE2 does not have', () => {
    const regex = {
      kind: 'regex',
      subject: word,
      isWhole: false,
      ignoreCase: false,
      isMultiline: false,
      isDotAll: false,
    } as const;
    expect(conditionFault(allOf([test, { ...regex, pattern: '(a)(?=b)' }]))).toBe(
      'invalid perl operator: RE2 has no such group (at character 3)',
    );
    expect(conditionFault({ ...regex, pattern: '(a+)+$' })).toBeUndefined();
  });

  it('is not depth that just fits, nor ten megabytes of values', () => {
    let deep: Condition = test;
    for (let depth = 0; depth < 999; depth++) {
      deep = depth % 2 === 0 ? { kind: 'not', of: deep } : { kind: 'all', of: [deep] };
    }
    expect(conditionFault(deep)).toBeUndefined();
    expect(compileCondition(deep, words).test('a')).toBe(true);
    const values = Array.from({ length: 300_000 }, (_none, index) => `value${index}`);
    const large: Condition = { ...test, values };
    expect(conditionFault(large)).toBeUndefined();
    const compiled = compileCondition(large, words);
    expect([compiled.test('value299999'), compiled.test('value300000')]).toEqual([true, false]);
  });
});

describe('building conditions', () => {
  it('flattens groups and resolves constants', () => {
    expect(allOf([always, test, allOf([test, test])])).toEqual({ kind: 'all', of: [test, test, test] });
    expect([allOf([]), anyOf([]), allOf([test, never]), anyOf([test, always])]).toEqual([always, never, never, always]);
    expect([allOf([test]), not(not(test)), not(always)]).toEqual([test, test, never]);
  });
});
