import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorClock } from '../../../../../tests/support/processor-time.ts';
import { FilterError, type Expression } from './ast.ts';
import { parseFilter } from './parser.ts';
import { printExpression } from './print.ts';

function faultOf(text: string, maxDepth?: number): { message: string; at: object } | undefined {
  try {
    parseFilter(text, maxDepth);
    return undefined;
  } catch (error) {
    if (error instanceof FilterError) return { message: error.message, at: error.at };
    throw error;
  }
}

describe('the filter parser', () => {
  it.each([
    ['a and b or c', '((a and b) or c)'],
    ['a or b and c', '(a or (b and c))'],
    ['not not a', 'a'],
    ['not(a)', 'not a'],
    ['a and(b)', '(a and b)'],
    ['proc.name = "two words"', 'proc.name = "two words"'],
    ["evt.arg['x'] exists", 'evt.arg[x] exists'],
    ['fd.name in (a, "b c", )'.replace(', )', ')'), 'fd.name in (a, "b c")'],
    ['proc.name == oneof (a)', 'proc.name == oneof (a)'],
    ['proc.name == oneof or b', '(proc.name == oneof or b)'],
    ['proc.name = val(proc.pname)', 'proc.name = val(proc.pname)'],
    ['getopt(proc.args, "nt:")[t] = x', 'getopt(proc.args, nt:)[t] = x'],
    ['join("-", (fd.name, 1)) = a', 'join(-, (fd.name, 1)) = a'],
  ])('reads %s', (text, printed) => {
    expect(printExpression(parseFilter(text))).toBe(printed);
  });

  it('says where reading stopped, lines and columns from 1', () => {
    expect(faultOf('evt.type = open and\n  fd.name foo')).toEqual({
      message: expect.stringMatching(/^expected a valid check operator: one of 'exists', '<=',/) as string,
      at: { index: 30, line: 2, column: 11 },
    });
    expect(faultOf('a b')).toEqual({
      message: "unexpected token after 'a', expecting 'or', 'and'",
      at: { index: 2, line: 1, column: 3 },
    });
  });

  it('resolves escapes, and refuses those that are none', () => {
    const value = (text: string): unknown => {
      const expression = parseFilter(`a.b = ${text}`);
      return expression.kind === 'check' && expression.right.kind === 'value' ? expression.right.value : undefined;
    };
    expect(value(String.raw`"a\tb\"c\x41"`)).toBe('a\tb"cA');
    expect(value(String.raw`'it\'s'`)).toBe("it's");
    expect(faultOf(String.raw`a.b = "\q"`)?.message).toBe(String.raw`unsupported string escape sequence: \q`);
    expect(faultOf(String.raw`a.b = "\'"`)?.message).toBe(String.raw`invalid \' escape in "-quoted string`);
  });

  it('stops at its depth, without overflowing the stack', () => {
    const nested = (depth: number): string => `${'('.repeat(depth)}a${')'.repeat(depth)}`;
    expect(faultOf(nested(10), 100)).toBeUndefined();
    expect(faultOf(nested(30), 100)?.message).toBe('exceeded max depth limit of 100');
    expect(faultOf(nested(1_000_000))?.message).toBe('exceeded max depth limit of 1000');
    expect(faultOf(`${'not '.repeat(1_000_000)}a`)).toBeUndefined();
  });

  it('reads long conditions in linear time', () => {
    const takenMs = processorClock();
    expect(parseFilter(Array.from({ length: 50_000 }, (_none, index) => `a.b = ${index}`).join(' or ')).kind).toBe(
      'or',
    );
    expect(takenMs()).toBeLessThan(3000);
  });

  it('reads what it prints', () => {
    const value = fc.oneof(fc.stringMatching(/^[a-z0-9/.*-]{1,8}$/), fc.constantFrom('a b', 'tab\t', 'q"q', "it's"));
    const at = { index: 0, line: 1, column: 1 };
    const field = fc.constantFrom('proc.name', 'fd.name', 'evt.type');
    const leaf: fc.Arbitrary<Expression> = fc.oneof(
      fc.record({ name: field, value }).map(({ name, value: text }): Expression => ({
        kind: 'check',
        left: { kind: 'field', name, at },
        operator: 'contains',
        right: { kind: 'value', value: text, at },
        at,
      })),
      fc.record({ name: field, values: fc.array(value) }).map(({ name, values }): Expression => ({
        kind: 'check',
        left: { kind: 'field', name, at },
        operator: 'in',
        right: { kind: 'values', values, at },
        at,
      })),
      field.map((name): Expression => ({ kind: 'exists', left: { kind: 'field', name, at }, at })),
    );
    const { tree } = fc.letrec<{ tree: Expression }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        tie('tree').map((of): Expression => ({ kind: 'not', of, at })),
        fc
          .record({
            kind: fc.constantFrom('and' as const, 'or' as const),
            of: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
          })
          .map(({ kind, of }): Expression => ({ kind, of, at })),
      ),
    }));
    fc.assert(
      fc.property(tree, (expression) => {
        const printed = printExpression(expression);
        // Two negations cancel out when they are read.
        const once = printExpression(parseFilter(printed));
        expect(printExpression(parseFilter(once))).toBe(once);
      }),
    );
  });

  it('never throws anything but its own error', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('ab.=!<>()[]\'" \\,\tnotandorinval1')) }), (text) => {
        expect(faultOf(text)?.message ?? 'none').not.toBe('');
      }),
    );
  });
});
