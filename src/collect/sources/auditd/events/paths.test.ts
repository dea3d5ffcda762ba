import { describe, expect, it } from 'vitest';
import { absolutePath, baseName } from './paths.ts';

describe('absolutePath', () => {
  it('joins what is relative and takes out what says nothing', () => {
    expect(absolutePath('/etc/passwd', '/root')).toBe('/etc/passwd');
    expect(absolutePath('x', '/root')).toBe('/root/x');
    expect(absolutePath('x', '/')).toBe('/x');
    expect(absolutePath('../../../x', '/root')).toBe('/x');
    expect(absolutePath('/etc/./a//b/../c/', null)).toBe('/etc/a/c');
    expect(absolutePath('/', null)).toBe('/');
    expect(absolutePath('/root/.ssh/x..y', null)).toBe('/root/.ssh/x..y');
  });

  it('is null for a relative path without a directory', () => {
    expect([absolutePath('x', null), absolutePath('', 'relative')]).toEqual([null, null]);
  });
});

describe('baseName', () => {
  it('is the last part', () => {
    expect([baseName('/a/b'), baseName('/a/b/'), baseName('b'), baseName('/'), baseName('')]).toEqual([
      'b',
      'b',
      'b',
      '',
      '',
    ]);
  });
});
