import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isName, ProxyRules } from './rules.ts';

const actionOf = (text: string, names: readonly string[], address?: string): string =>
  ProxyRules.parse(text, 'rules').judge(names, address).action;

describe('rules by name', () => {
  test('the first that fits counts, and its line is told', () => {
    const rules = ProxyRules.parse('# banks\nbypass *.bank.example # pinned\nblock evil.example\ninspect *\n', 'rules');
    expect(rules.judge(['www.bank.example'], undefined)).toMatchObject({
      action: 'bypass',
      rule: 'line 2: bypass *.bank.example',
    });
    expect(rules.judge(['evil.example.'], undefined).action).toBe('block');
    expect(rules.judge(['a.evil.example'], undefined)).toMatchObject({ action: 'inspect', rule: 'line 4: inspect *' });
    expect(actionOf('inspect www.bank.example\nbypass *.bank.example', ['www.bank.example'])).toBe('inspect');
    expect(actionOf('inspect *\nbypass *.bank.example', ['www.bank.example'])).toBe('inspect');
  });

  test('a wildcard takes the name itself and what is below, and nothing that only ends alike', () => {
    const text = 'bypass *.bank.example\nblock *';
    expect(actionOf(text, ['bank.example'])).toBe('bypass');
    expect(actionOf(text, ['A.B.BANK.example'])).toBe('bypass');
    expect(actionOf(text, ['notbank.example'])).toBe('block');
    expect(actionOf(text, ['bank.example.evil.example'])).toBe('block');
  });

  test('of two names of one connection the strictest action counts', () => {
    const text = 'bypass good.example\nblock evil.example';
    expect(actionOf(text, ['good.example', 'evil.example'])).toBe('block');
    expect(actionOf(text, ['good.example', 'other.example'])).toBe('inspect');
    expect(actionOf(text, ['good.example', 'good.example'])).toBe('bypass');
  });

  test('addresses, networks and hellos without a name', () => {
    const text = 'bypass 198.51.100.0/24\nbypass 2001:db8::/32\nblock no-name';
    expect(actionOf(text, [], '198.51.100.7')).toBe('bypass');
    expect(actionOf(text, ['x.example'], '2001:db8::7')).toBe('bypass');
    expect(actionOf(text, [], '203.0.113.7')).toBe('block');
    expect(actionOf(text, ['x.example'], '203.0.113.7')).toBe('inspect');
  });

  test('a line that is no rule is refused with its place', () => {
    for (const text of ['pass x.example', 'bypass', 'bypass a b', 'block a..b', 'block *x.example', 'block http://x']) {
      expect(() => ProxyRules.parse(`inspect ok.example\n${text}`, 'rules')).toThrow(
        expect.objectContaining({ code: 'CONFIG', at: { path: 'rules', line: 2 } }),
      );
    }
  });

  test('without rules everything is inspected, whatever it is called', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 300 }), { maxLength: 3 }), (names) => {
        expect(actionOf('', names, '::1')).toBe('inspect');
      }),
    );
  });
});

test('long texts are told to be no names in no time', () => {
  expect(isName('a'.repeat(100_000))).toBe(false);
  expect(isName(`${'a'.repeat(60)}.`.repeat(4))).toBe(true);
  expect(isName(`${'a'.repeat(250)}!`)).toBe(false);
  expect(isName('198.51.100.1')).toBe(false);
});
