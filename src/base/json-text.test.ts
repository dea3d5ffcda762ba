import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonText, LazyList } from './json-text.ts';

it('the text is the one that JSON.stringify gives', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      expect([...jsonText(value)].join('')).toBe(JSON.stringify(value, undefined, 1));
    }),
  );
});

it('has lazy lists in it, members that are undefined left out, and dates as they say themselves', () => {
  const document = {
    none: undefined,
    empty: new LazyList(() => []),
    list: new LazyList(() => [1, undefined, { a: 'x\ny', b: new LazyList(() => [2]) }]),
    deep: { a: { b: { c: { d: [new LazyList(() => [3])] } } } },
    date: new Date(0),
  };
  expect([...jsonText(document)].join('')).toBe(JSON.stringify(document, undefined, 1));
});

it('a long list comes in pieces, and its items one at a time', () => {
  let alive = 0;
  const items = new LazyList(function* () {
    for (let index = 0; index < 100_000; index++) yield { index, number: ++alive };
  });
  const pieces = jsonText({ items });
  expect(pieces.next().value?.length).toBeLessThan(2 ** 17);
  expect(alive).toBeLessThan(10_000);
});
