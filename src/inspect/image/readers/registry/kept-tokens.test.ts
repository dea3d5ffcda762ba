import { describe, expect, it } from 'vitest';
import { forgetToken, keepToken, keptToken, tokenKey } from './kept-tokens.ts';

describe('a token', () => {
  it('is kept for what it was given for, and for whom', () => {
    const key = tokenKey('https://a/token', 'a', 'repository:x:pull', undefined);
    const others = [
      tokenKey('https://b/token', 'a', 'repository:x:pull', undefined),
      tokenKey('https://a/token', 'a', 'repository:y:pull', undefined),
      tokenKey('https://a/token', 'a', 'repository:x:pull', { user: 'me', password: 'secret' }),
    ];
    keepToken(key, 't', 300);
    expect([key, ...others].map((one) => keptToken(one))).toEqual(['t', undefined, undefined, undefined]);
    expect(others.join('')).not.toContain('secret');
    forgetToken(key);
    expect(keptToken(key)).toBeUndefined();
  });

  it.each([
    [undefined, 't'],
    ['soon', 't'],
    [1e12, 't'],
    [5, undefined],
  ])('that says to hold for %s seconds is kept or not: %s', (life, found) => {
    const key = tokenKey('https://c/token', '', String(life), undefined);
    keepToken(key, 't', life);
    expect(keptToken(key)).toBe(found);
  });
});
