import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonTape } from './json-tape.ts';
import { tapeKeyHash, tapeTypes } from './tape-entries.ts';

const tape = new JsonTape();

function read(text: string): boolean {
  const bytes = Buffer.from(`#${text}\n`);
  return tape.read(bytes, 1, bytes.length - 1);
}

/** What the tape holds, as a value again. */
function rebuilt(entry = 0): unknown {
  if (!tape.isContainer(entry)) return tape.value(entry);
  const end = tape.next[entry] ?? 0;
  const isObject = tape.type[entry] === tapeTypes.object;
  const values: unknown[] = [];
  const members: [string, unknown][] = [];
  for (let inner = entry + 1; inner < end; inner = tape.next[inner] ?? end) {
    if (isObject) members.push([tape.slice(tape.keyStart[inner] ?? 0, tape.keyEnd[inner] ?? 0), rebuilt(inner)]);
    else values.push(rebuilt(inner));
  }
  return isObject ? Object.fromEntries(members) : values;
}

describe('JsonTape', () => {
  it('holds what JSON.parse gives, for everything that it takes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 1), (value, indent) => {
        const text = JSON.stringify(value, null, indent).replaceAll(/\n */g, ' ');
        const got = read(text) ? { value: rebuilt() } : undefined;
        expect(got).toEqual(got && { value: JSON.parse(text) });
      }),
    );
  });

  it('takes nothing that JSON.parse refuses', () => {
    const alphabet = fc.constantFrom(...'{}[]:,"\\ ae1-.0tfnu'.split(''), 'true', 'null', '"k":', 'å', '\u0001');
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 20 }), (parts) => {
        const text = `{"a":${parts.join('')}}`;
        const got = read(text) ? { value: rebuilt() } : undefined;
        expect(got).toEqual(got && { value: JSON.parse(text) });
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '{"a":1}',
    '{"a":-1,"b":1.5,"c":true,"d":false,"e":"x","f":[1,"y",[]],"g":{"h":[{"i":1}]}}',
    '{"a": 1, "b": [1, 2]}',
    '{"a":"q\\"\\\\\\/\\u00e5","b":"å 日本"}',
    '{"__proto__":1,"constructor":{"__proto__":"x"}}',
    '{"a":9007199254740991}',
    '{"a":null,"b":{},"c":[{},null,[]]}',
  ])('takes %s', (text) => {
    expect(read(text)).toBe(true);
    expect(JSON.stringify(rebuilt())).toBe(JSON.stringify(JSON.parse(text)));
  });

  it.each([
    ['nothing', ''],
    ['a list', '[1]'],
    ['an empty object', '{}'],
    ['the same key twice', '{"a":1,"b":2,"a":3}'],
    ['the same key twice inside', '{"a":{"bytes_toserver":1,"bytes_toserver":2}}'],
    ['an escape in a key', '{"\\u0061":1}'],
    ['a key that looks like a number', '{"b":1,"1":2}'],
    ['a number beyond 2^53', '{"a":18446744073709551615}'],
    ['a number spelled otherwise', '{"a":1.50}'],
    ['an exponent', '{"a":1e3}'],
    ['a leading zero', '{"a":01}'],
    ['a minus zero', '{"a":-0}'],
    ['two objects', '{"a":1}{"b":2}'],
    ['a comma after it', '{"a":1},'],
    ['a cut object', '{"a":1'],
    ['a cut string', '{"a":"x'],
    ['a cut escape', '{"a":"x\\'],
    ['a bad escape', '{"a":"\\x41"}'],
    ['a half of a pair', '{"a":"\\ud800"}'],
    ['a control character', '{"a":"x\ty"}'],
    ['a missing comma', '{"a":1 "b":2}'],
    ['two blanks', '{"a":  1}'],
    ['other brackets', '{"a":[1}]'],
    ['nothing between commas', '{"a":[1,,2]}'],
    ['a comma at the end', '{"a":1,}'],
    ['a half word', '{"a":tru}'],
  ])('leaves %s to the slower way', (_what, text) => {
    expect(read(text)).toBe(false);
  });

  it('leaves deep and long records to the slower way', () => {
    expect(read(`{"a":${'['.repeat(80)}${']'.repeat(80)}}`)).toBe(false);
    expect(read(`{"a":[${'1,'.repeat(2000)}1]}`)).toBe(false);
    expect(read('{"a":1}')).toBe(true);
  });

  it('never reads past the end that it is given', () => {
    const bytes = Buffer.from('{"a":"b"}{"c":1}');
    expect(tape.read(bytes, 0, 9)).toBe(true);
    expect(tape.read(bytes, 0, 8)).toBe(false);
    expect(tape.read(bytes, 9, 16)).toBe(true);
  });

  it('gives records of one shape the same shape, and others another', () => {
    const records = [
      '{"a":1,"b":"x"}',
      '{"a":"long","b":true}',
      '{"b":1,"a":2}',
      '{"a":[1],"b":2}',
      '{"a":[1,2],"b":2}',
      '{"a":null,"b":1}',
      '{"a":{},"b":1}',
    ];
    const shapes = records.map((text) => (read(text) ? `${tape.shape} ${tape.shapeCheck}` : 'none'));
    expect(shapes[1]).toBe(shapes[0]);
    expect(new Set(shapes).size).toBe(6);
  });

  it('finds members by their key', () => {
    expect(read('{"a":{"b":1},"b":2}')).toBe(true);
    expect(tape.value(tape.member(0, tapeKeyHash('b')))).toBe(2);
    expect(tape.value(tape.member(tape.member(0, tapeKeyHash('a')), tapeKeyHash('b')))).toBe(1);
    expect(tape.member(0, tapeKeyHash('c'))).toBe(-1);
  });
});
