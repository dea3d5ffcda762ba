import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventRow } from '../../../events/event.ts';
import { eventFormat } from '../../event-format.ts';
import { allOf, anyOf, fieldSubject, not, type Condition, type TextTest } from '../condition.ts';
import type { StreamResolver, StreamValue } from '../resolver.ts';
import { compileCondition, compileRuleSet } from './rule-set.ts';

type Row = Readonly<Record<string, StreamValue>>;

const rows: StreamResolver<Row> = {
  field: ({ name }) =>
    name.startsWith('gone.') ? { absent: `${name} is not recorded` } : { type: 'any', get: (row) => row[name] },
  allFields: () => ({ type: 'list', get: (row) => Object.values(row).map(String) }),
};

function text(name: string, operator: TextTest['operator'], ...values: string[]): Condition {
  return { kind: 'text', subject: fieldSubject(name), operator, values, ignoreCase: false };
}

function holds(condition: Condition, row: Row): boolean {
  return compileCondition(condition, rows).test(row);
}

describe('a condition on one record', () => {
  it('is false on an absent field, and its negation true', () => {
    const test = text('proc.name', 'equals', 'bash');
    expect(holds(test, { 'proc.name': null })).toBe(false);
    expect(holds(not(test), {})).toBe(true);
  });

  it('takes the empty text as present, NaN and an empty list as absent', () => {
    const exists: Condition = { kind: 'exists', subject: fieldSubject('a') };
    expect(
      [{ a: '' }, { a: Number.NaN }, { a: [] }, { a: [null] }, { a: [null, ''] }].map((row) => holds(exists, row)),
    ).toEqual([true, false, false, false, true]);
  });

  it('wants one value of a list, or every one', () => {
    const any = text('a', 'startsWith', 'x');
    const every: Condition = { ...any, quantor: 'every' } as Condition;
    expect([
      holds(any, { a: ['y', 'x1'] }),
      holds(every, { a: ['y', 'x1'] }),
      holds(every, { a: ['x', null, 'x1'] }),
    ]).toEqual([true, false, true]);
  });

  it('compares big numbers exactly, in text too', () => {
    const over: Condition = { kind: 'number', subject: fieldSubject('n'), operator: '>', values: [9007199254740992n] };
    expect(
      ['9007199254740993', 9007199254740992, '9007199254740992', 1e300, '1e300', '0x20000000000001'].map((n) =>
        holds(over, { n }),
      ),
    ).toEqual([true, false, false, true, true, false]);
  });

  it('does not let an IPv4 address into an IPv6 network', () => {
    const all: Condition = {
      kind: 'network',
      subject: fieldSubject('ip'),
      ranges: [{ first: 0n, last: (1n << 128n) - 1n }],
    };
    expect([holds(all, { ip: '10.0.0.1' }), holds(all, { ip: 'fe80::1' }), holds(all, { ip: 'nonsense' })]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('names the fields that these records do not have', () => {
    const compiled = compileCondition(anyOf([text('gone.x', 'equals', 'a'), text('a', 'equals', 'b')]), rows);
    expect(compiled.missing).toEqual([{ field: { name: 'gone.x' }, reason: 'gone.x is not recorded' }]);
    expect(compiled.test({ a: 'b' })).toBe(true);
  });
});

describe('a set of rules', () => {
  const container = not(text('container.id', 'equals', 'host'));
  const rules = [
    allOf([text('evt.type', 'equals', 'execve', 'execveat'), container, text('proc.name', 'equals', 'bash', 'sh')]),
    allOf([text('evt.type', 'equals', 'openat'), container, text('fd.name', 'startsWith', '/etc')]),
    allOf([not(text('evt.type', 'equals', 'openat')), text('proc.name', 'equals', 'nc')]),
    allOf([text('evt.type', 'startsWith', 'open'), text('fd.name', 'contains', 'shadow')]),
    text('proc.name', 'equals', 'nc'),
  ];
  const events: Row[] = [
    { 'evt.type': 'execve', 'container.id': 'c1', 'proc.name': 'sh' },
    { 'evt.type': 'execve', 'container.id': 'host', 'proc.name': 'nc' },
    { 'evt.type': 'openat', 'container.id': 'c1', 'proc.name': 'nc', 'fd.name': '/etc/shadow' },
    { 'evt.type': 'openat2', 'fd.name': '/etc/shadow' },
    { 'proc.name': 'nc' },
    { 'evt.type': ['execve', 'openat'], 'container.id': 'c1', 'proc.name': 'bash', 'fd.name': '/etc/passwd' },
  ];

  it('finds the same rules with an index as each rule alone', () => {
    const alone = events.map((event) => rules.flatMap((rule, index) => (holds(rule, event) ? [index] : [])));
    const indexed = compileRuleSet(rules, rows, { discriminators: [{ name: 'evt.type' }] });
    expect(events.map((event) => [...indexed.match(event)])).toEqual(alone);
    expect(alone).toEqual([[0], [2, 4], [1, 3, 4], [3], [2, 4], [0, 1]]);
  });
});

/** Columns of an event, and members of its own fields. */
const places = new Map([
  ['image', fieldSubject('process_executable')],
  ['line', fieldSubject('fields', 'CommandLine')],
  ['many', fieldSubject('process_args')],
  ['name', fieldSubject('fields', 'OriginalFileName')],
]);

/** The same condition about events. */
function ofEvents(condition: Condition): Condition {
  if (condition.kind === 'always' || condition.kind === 'never') return condition;
  if (condition.kind === 'not') return not(ofEvents(condition.of));
  if ('of' in condition) return { kind: condition.kind, of: condition.of.map(ofEvents) };
  if (condition.subject.kind !== 'field') return condition;
  return { ...condition, subject: places.get(condition.subject.field.name) ?? { kind: 'all-fields' } } as Condition;
}

function eventOf({ image, line, many, name }: Row): EventRow {
  const fields = JSON.stringify({ CommandLine: line, OriginalFileName: name, number: 17 });
  const args = Array.isArray(many) ? many.filter((one) => one !== null) : null;
  return { kind: 'process', process_executable: image, process_args: args, fields } as EventRow;
}

/** Conditions and rows whose texts are of these letters; with `isLong` only conditions on literals of seven letters and more. */
function arbitraries(
  letters: fc.Arbitrary<string>,
  isLong = false,
): { condition: fc.Arbitrary<Condition>; row: fc.Arbitrary<Row> } {
  const word = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
    fc.array(letters, { minLength, maxLength }).map((parts) => parts.join(''));
  const field = fc.constantFrom('image', 'line', 'many', 'name', 'gone.x').map((name) => fieldSubject(name));
  const literalTest: fc.Arbitrary<Condition> = fc.record({
    kind: fc.constant('text' as const),
    subject: field,
    operator: fc.constantFrom('equals', 'contains', 'startsWith', 'endsWith'),
    values: fc.array(isLong ? word(7, 9) : fc.oneof(word(1, 5), word(6, 12)), { minLength: 1, maxLength: 4 }),
    ignoreCase: fc.boolean(),
  });
  const glob: fc.Arbitrary<Condition> = fc.record({
    kind: fc.constant('glob' as const),
    subject: field,
    patterns: word(3, 4).map((part) => [[{ kind: 'many' as const }, part, { kind: 'one' as const }]]),
    ignoreCase: fc.boolean(),
  });
  const regex: fc.Arbitrary<Condition> = fc.record({
    kind: fc.constant('regex' as const),
    subject: field,
    pattern: fc.constantFrom('a.c', 'ab+', 'b(?:a|C)b', String.raw`C\.`, 'aab|bba', 'b?a{2}'),
    isWhole: fc.boolean(),
    ignoreCase: fc.boolean(),
    isMultiline: fc.constant(false),
    isDotAll: fc.constant(false),
  });
  const condition = fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      literalTest,
      isLong ? literalTest : glob,
      isLong ? literalTest : regex,
      tie('node').map((inner) => not(inner)),
      fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((inner) => allOf(inner)),
      fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((inner) => anyOf(inner)),
    ),
  })).node;
  const row: fc.Arbitrary<Row> = fc.record({
    image: fc.option(word(0, 8)),
    line: fc.option(word(0, 30)),
    many: fc.option(fc.array(fc.option(word(0, 8)), { maxLength: 3 })),
    name: fc.option(word(0, 14)),
  });
  return { condition, row };
}

describe('a large set', () => {
  it('wakes every rule that a record can match by its literals', () => {
    const { condition, row } = arbitraries(fc.constantFrom('a', 'b', 'C', 'é', 'Σ', '.', '\\', '😀'));
    fc.assert(
      fc.property(
        fc.array(condition, { minLength: 150, maxLength: 200 }),
        fc.array(row, { minLength: 20, maxLength: 20 }),
        (set, sample) => {
          const compiled = compileRuleSet(set, rows);
          const alone = set.map((one) => compileCondition(one, rows).test);
          for (const record of sample) {
            expect([...compiled.match(record)]).toEqual(alone.flatMap((test, index) => (test(record) ? [index] : [])));
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it.each([false, true])(
    'wakes them by members of events too, and by texts that it knows; long literals only: %s',
    (isLong) => {
      const { resolver } = eventFormat;
      // Long literals without letters beyond ASCII are looked for in the members' JSON.
      const letters = fc.constantFrom('a', 'b', 'K', ...(isLong ? [] : ['\u212a']));
      const { condition } = arbitraries(letters, isLong);
      const { row } = arbitraries(fc.constantFrom('a', 'b', 'K', 'k', '\u212a'));
      fc.assert(
        fc.property(
          fc.array(condition.map(ofEvents), { minLength: 150, maxLength: 200 }),
          fc.array(row.map(eventOf), { minLength: 20, maxLength: 20 }),
          (set, sample) => {
            const compiled = compileRuleSet(set, resolver);
            const alone = set.map((one) => compileCondition(one, resolver).test);
            for (const record of [...sample, ...sample]) {
              expect([...compiled.match(record)]).toEqual(
                alone.flatMap((test, index) => (test(record) ? [index] : [])),
              );
            }
          },
        ),
        { numRuns: 10 },
      );
    },
  );
});
