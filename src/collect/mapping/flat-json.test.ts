import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlatColumn, FlatForm } from '../../store/bulk.ts';
import { FlatJson } from './flat-json.ts';

const forms: readonly FlatForm[] = [
  'integer',
  'number',
  'boolean',
  'text',
  'ip',
  'millis',
  'iso',
  'texts',
  'numbers',
  'left',
];
const columns: readonly FlatColumn[] = forms.map((form) => ({ name: form, form }));
const flat = new FlatJson(columns);

function fits(line: string): boolean {
  const bytes = Buffer.from(`x${line}\n`);
  return flat.fits(bytes, 1, bytes.length - 1);
}

describe('FlatJson', () => {
  it.each([
    '{"integer":0}',
    '{"integer":-12,"number":1.5}',
    '{"number":1700000000.123456,"integer":123456789012345}',
    '{"number": 5, "boolean": true}',
    '{"boolean":false,"text":"a\\"b\\\\\\u00e9é"}',
    '{"ip":"10.0.0.1"}',
    '{"ip":"2001:db8::1"}',
    '{"millis":1700000000123}',
    '{"iso":"2026-11-25T18:22:01.000042Z"}',
    '{"texts":[],"numbers":[300.0,1]}',
    '{"texts":["a","b"],"left":[1,"a",true]}',
    '{"left":null,"text":null}',
    '{"text":""}\r',
  ])('takes %s', (line) => {
    expect(fits(line)).toBe(true);
  });

  it.each([
    '{}',
    '[1]',
    '',
    '{',
    '{"text":"a"',
    '{"text":"a"}x',
    '{"text":"a",}',
    '{"text":"a" ,"left":1}',
    '{"text" :"a"}',
    '{"text":"a","text":"a"}',
    '{"other":1}',
    '{"te\\u0078t":"a"}',
    '{"text":5}',
    '{"text":"\\\\x41"}',
    '{"text":"\\ud83d"}',
    '{"text":"\\q"}',
    '{"text":"a\tb"}',
    '{"integer":1.0}',
    '{"integer":1e3}',
    '{"integer":01}',
    '{"integer":1234567890123456}',
    '{"integer":"1"}',
    '{"number":1700000000123}',
    '{"number":-0.0}',
    '{"number":1.}',
    '{"boolean":1}',
    '{"ip":"010.0.0.1"}',
    '{"ip":"2001:DB8::1"}',
    '{"ip":""}',
    '{"millis":5}',
    '{"iso":"2026-11-25T18:22:01Z"}',
    '{"texts":"a"}',
    '{"texts":["a"',
    '{"texts":[null]}',
    '{"numbers":[0.00001]}',
    '{"left":{"a":1}}',
    '{"left":[[1]]}',
    '{"left":NaN}',
  ])('leaves %s to the row decoder', (line) => {
    expect(fits(line)).toBe(false);
  });

  it('takes nothing that JSON.parse does not, or that has a key twice', () => {
    const piece = fc.constantFrom(...'{ } [ ] , : " \\ text left "text": "left": 1 - . e null x'.split(' '), ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const line = `{${pieces.join('')}}`;
        expect(!fits(line) || isPlain(line)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

function isPlain(line: string): boolean {
  try {
    const keys = Object.keys(JSON.parse(line) as object);
    return keys.every((key) => line.split(`"${key}":`).length === 2);
  } catch {
    return false;
  }
}
