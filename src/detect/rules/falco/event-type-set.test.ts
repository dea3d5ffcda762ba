import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../../match/condition/stream/rule-set.ts';
import type { StreamResolver } from '../../../match/condition/resolver.ts';
import { compileFilter } from './compile/compile.ts';
import { eventTypesOf } from './event-type-set.ts';
import { catalogOf } from './fields/sources.ts';
import { codeCount, includesType } from './fields/event-types.ts';
import { parseFilter } from './filter/parser.ts';

const namesOf = (text: string): string => {
  const set = eventTypesOf(parseFilter(text));
  return `${set.isComplement ? 'not ' : ''}${[...set.names].sort().join(' ')}`;
};

describe('event types of a condition', () => {
  it.each([
    ['evt.type = open', 'open'],
    ['evt.type in (open, close) and proc.name = a', 'close open'],
    ['evt.type = open or proc.name = a', 'not '],
    ['not evt.type = open', 'not open'],
    ['not (evt.type = open or proc.name = a)', 'not open'],
    ['not (evt.type = open and proc.name = a)', 'not '],
    ['evt.type != open and evt.type in (open, close)', 'close'],
    ['evt.num = 0', ''],
    ['evt.type = open and not evt.num = 0', 'open'],
    ['not evt.type exists', ''],
  ])('%s: %s', (text, names) => {
    expect(namesOf(text)).toBe(names);
  });

  it('count event codes, old versions of an event included', () => {
    expect(codeCount(eventTypesOf(parseFilter('evt.type = execve')))).toBe(16);
    expect(codeCount(eventTypesOf(parseFilter('proc.name = a')))).toBeGreaterThan(400);
  });

  it('never leave out a type on which the condition is true', () => {
    const types = ['open', 'close', 'execve', 'connect'];
    const leaf = fc.constantFrom(
      'evt.type = open',
      'evt.type != close',
      'evt.type in (open, execve)',
      'evt.type exists',
      'proc.name = a',
      'evt.num = 0',
      'evt.num > 0',
    );
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        tie('tree').map((inner) => `not (${inner})`),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a} and ${b})`),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `(${a} or ${b})`),
      ),
    }));
    type Row = { readonly type: string; readonly name: string };
    const resolver: StreamResolver<Row> = {
      field: ({ name }) => ({
        type: 'any',
        get: (row) => ({ 'evt.type': row.type, 'proc.name': row.name, 'evt.num': 7 })[name],
      }),
      allFields: () => ({ absent: 'not here' }),
    };
    fc.assert(
      fc.property(tree, fc.constantFrom(...types), fc.constantFrom('a', 'b'), (text, type, name) => {
        const expression = parseFilter(text);
        const { condition } = compileFilter(expression, catalogOf('syscall'));
        const isTrue = compileCondition(condition, resolver).test({ type, name });
        expect(!isTrue || includesType(eventTypesOf(expression), type)).toBe(true);
      }),
    );
  });
});
