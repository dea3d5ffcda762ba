import { describe, expect, it } from 'vitest';
import { parseForeignJson } from './json-parse.ts';

describe('JSON of others', () => {
  it('is read as always', () => {
    expect(parseForeignJson('{"a":[1,{}]}')).toEqual({ a: [1, {}] });
    expect(() => parseForeignJson('{"a":')).toThrow(SyntaxError);
  });

  it('of far more values than memory has room for is refused before it is read', () => {
    const text = `[${'{},'.repeat(12_000_001)}{}]`;
    expect(() => parseForeignJson(text)).toThrow('more than 12000000 values');
    expect(parseForeignJson(JSON.stringify('x'.repeat(13_000_000)))).toHaveLength(13_000_000);
  });
});
