import { describe, expect, it } from 'vitest';
import { ProblemList } from '../base/problem.ts';
import { parseJsonObject } from './json-value.ts';

function parse(text: string) {
  const problems = new ProblemList();
  const value = parseJsonObject(text, { line: 7 }, problems);
  return { value, problems: problems.drain() };
}

describe('parseJsonObject', () => {
  it.each([
    '{"a":0012345678901234567890}',
    '{12345678901234567890:1}',
    '{"a":1,12345678901234567890:2}',
    '{"a":1 12345678901234567890}',
    '{"a":--12345678901234567890}',
  ])('does not make %s valid', (text) => {
    expect(parse(text).value).toBeUndefined();
  });

  it('leaves numbers with a fraction or an exponent numbers', () => {
    const text =
      '{"a":0.12345678901234567890,"b":12345678901234567890.5,"c":1e-12345678901234567890,"d":[ 12345678901234567890 ]}';
    const { a, b, c, d } = JSON.parse(text) as Record<string, unknown>;
    expect(d).toEqual([12_345_678_901_234_567_000]);
    expect(parse(text).value).toEqual({ a, b, c, d: ['12345678901234567890'] });
  });

  it('keeps all digits of whole numbers beyond 2^53, as text', () => {
    expect(parse('{"flow_id":18446744073709551615,"n":-9007199254740993,"small":12}').value).toEqual({
      flow_id: '18446744073709551615',
      n: '-9007199254740993',
      small: 12,
    });
  });

  it('leaves digits in strings and decimal numbers alone', () => {
    const text = '{"a":"18446744073709551615","b":0.12345678901234567890,"c":1.5e300}';
    expect(parse(text)).toEqual({ value: JSON.parse(text), problems: [] });
  });

  it('mends halves of UTF-16 pairs, and leaves whole pairs alone', () => {
    const { value, problems } = parse('{"a":"x\\ud800y","c":["\\uDFFF"]}');
    expect(value).toEqual({ a: 'x\uFFFDy', c: ['\uFFFD'] });
    expect(problems).toMatchObject([{ code: 'bad-encoding', at: { line: 7 } }]);
    expect(parse('{"b":"\\ud83d\\ude00"}')).toEqual({ value: { b: '\u{1F600}' }, problems: [] });
  });

  it('counts the last of two values, and says so', () => {
    const { value, problems } = parse('{"a":1,"b":{"c":1,"c":2},"a":3,"\\u0061":4}');
    expect(value).toEqual({ a: 4, b: { c: 2 } });
    expect(problems).toMatchObject([{ code: 'duplicate-key', at: { line: 7 } }]);
    expect(problems[0]?.message).toContain('"c", "a"');
  });

  it('takes the same key in different objects for no duplicate', () => {
    expect(parse('{"a":{"x":1},"b":[{"x":1},{"x":2}],"c":"\\"a\\":1"}').problems).toEqual([]);
  });

  it('has hostile keys as keys, and nothing else', () => {
    const { value } = parse('{"__proto__":{"polluted":1},"constructor":2}');
    expect(Object.keys(value ?? {})).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['{"a":', 'not valid JSON'],
    ['{"a":1}x', 'not valid JSON'],
    ['[1]', 'no JSON object'],
    ['null', 'no JSON object'],
    ['', 'not valid JSON'],
    [`{"a":${'['.repeat(300)}${']'.repeat(300)}}`, 'deeper than 200'],
    [`{"a":${'['.repeat(3_000_000)}`, 'deeper than 200'],
  ])('refuses what is no record', (text, message) => {
    const { value, problems } = parse(text);
    expect(value).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'bad-record', at: { line: 7 } }]);
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.message.length).toBeLessThan(200);
  });

  it('names a few duplicates of many', () => {
    const text = `{${Array.from({ length: 5000 }, (_none, index) => `"k${index % 2500}":1`).join(',')}}`;
    expect(parse(text).problems[0]?.message.match(/"k/g)).toHaveLength(8);
  });
});
