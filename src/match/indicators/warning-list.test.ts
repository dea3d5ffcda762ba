import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { IndicatorRef } from './set.ts';
import { normalise } from './normalise.ts';
import { readWarnings, shippedWarningFolder } from './shipped-warnings.ts';
import { createWarnings, parseWarningList } from './warning-list.ts';

function ref(kind: IndicatorRef['kind'], value: string): IndicatorRef {
  return { kind, value, list: 'feed', description: null, confidence: null, expires_at: null };
}

const header = '# title: T\n# origin: O\n# licence: CC0-1.0\n# date: 2026-11-01\n';

describe('shipped warning lists', () => {
  const warnings = readWarnings();

  it.each(readdirSync(shippedWarningFolder).filter((name) => name.endsWith('.txt')))(
    '%s says where it comes from and holds only values',
    (name) => {
      const list = parseWarningList(name, readFileSync(join(shippedWarningFolder, name), 'utf8'));
      expect(list?.licence).toMatch(/^[A-Za-z0-9.-]+$/);
      expect(list?.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(list?.values.length).toBeGreaterThan(0);
      expect(new Set(list?.values).size).toBe(list?.values.length);
      for (const value of list?.values ?? []) expect(value).toMatch(/^[0-9a-z.:/-]+$/);
    },
  );

  it.each([
    ['address', '8.8.8.8', '8.8.8.8', 'public-resolvers'],
    ['cidr', '8.8.8.0/24', '8.8.8.8', 'public-resolvers'],
    ['cidr', '8.8.8.0/24', '8.8.8.9', undefined],
    ['address', '192.168.7.7', '192.168.7.7', 'private-networks'],
    ['address', '203.0.113.9', '203.0.113.9', 'documentation-networks'],
    ['address', '93.184.216.34', '93.184.216.34', undefined],
    ['domain', 'google.com', 'mail.google.com', 'common-domains'],
    ['domain', 'evil-sites.google.com', 'evil-sites.google.com', undefined],
    ['domain', 'evil.example', 'evil.example', 'special-use-domains'],
    ['domain', 'printer.local', 'printer.local', 'special-use-domains'],
    ['url', 'github.com/', 'x', 'common-domains'],
    ['url', 'github.com/evil/kit', 'x', undefined],
    ['url', '8.8.8.8/resolve', 'x', 'public-resolvers'],
    ['url', 'example.com/kit', 'x', 'special-use-domains'],
    ['md5', 'd41d8cd98f00b204e9800998ecf8427e', 'x', 'empty-files'],
    ['sha256', 'ba'.repeat(32), 'x', undefined],
    ['user-agent', 'Evil', 'x', undefined],
  ] as const)('%s %s seen as %s is kept from firing by %s', (kind, value, seen, want) => {
    expect(warnings.suppressing(ref(kind, value), seen)).toBe(want);
  });

  it('can be left out one by one', () => {
    const fewer = readWarnings(shippedWarningFolder, ['documentation-networks']);
    expect(fewer.suppressing(ref('address', '203.0.113.9'), '203.0.113.9')).toBeUndefined();
    expect(fewer.suppressing(ref('address', '8.8.8.8'), '8.8.8.8')).toBe('public-resolvers');
  });

  it('names registered domains that an indicator could be', () => {
    const common = warnings.lists.find((list) => list.name === 'common-domains');
    const refused = common?.values.filter((value) => typeof normalise('domain', value) === 'string');
    expect(refused).toEqual([]);
  });
});

describe('parseWarningList', () => {
  it('needs every key', () => {
    expect(parseWarningList('x', `${header}# covers: value\na.com # why\n`)).toMatchObject({
      name: 'x',
      covers: 'value',
      values: ['a.com'],
    });
    expect(parseWarningList('x', `${header}a.com\n`)).toBeUndefined();
    expect(parseWarningList('x', `${header}# covers: everything\n`)).toBeUndefined();
    expect(parseWarningList('x', '')).toBeUndefined();
  });

  it('tells lists that cover what lies below from those that do not', () => {
    const list = (name: string, covers: string): ReturnType<typeof parseWarningList> =>
      parseWarningList(name, `${header}# covers: ${covers}\n${name}.com\n`);
    const warnings = createWarnings(
      [list('wide', 'below'), list('narrow', 'value')].filter((each) => each !== undefined),
    );
    expect(warnings.suppressing(ref('domain', 'a.wide.com'), 'a.wide.com')).toBe('wide');
    expect(warnings.suppressing(ref('domain', 'a.narrow.com'), 'a.narrow.com')).toBeUndefined();
  });
});
