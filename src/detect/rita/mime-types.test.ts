import { describe, expect, it } from 'vitest';
import { isMimeMismatch } from './mime-types.ts';
import { significantDomain } from './subdomains.ts';

describe('isMimeMismatch', () => {
  it('compares the extension of the path with those of the type', () => {
    expect(isMimeMismatch('/a.css?v=1.2.js', 'text/css')).toBe(false);
    expect(isMimeMismatch('/a.js', 'text/css')).toBe(true);
    expect(isMimeMismatch('/a', 'text/html')).toBe(true);
    expect(isMimeMismatch('/', 'text/html')).toBe(false);
    expect(isMimeMismatch('/a.rtf', 'text/rtf')).toBe(true);
    expect(isMimeMismatch('/a', 'text/rtf')).toBe(false);
  });
  it('knows nothing of other types, nor of names that objects have', () => {
    expect(isMimeMismatch('/a.exe', 'application/octet-stream')).toBe(false);
    expect(isMimeMismatch('/a', 'constructor')).toBe(false);
  });
});

describe('significantDomain', () => {
  it('takes three labels below the generic second ones and two elsewhere', () => {
    expect(['a.b.example.com', 'a.example.co.uk', 'example.com', 'com', ''].map(significantDomain)).toEqual([
      'example.com',
      'example.co.uk',
      'example.com',
      'com',
      '',
    ]);
  });
});
