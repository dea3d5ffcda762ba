import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOfField, numberOfField, protobufFields, textField, textOfField } from './protobuf.ts';

it('reads fields of every wire type in their order', () => {
  const message = Buffer.concat([
    Buffer.from([0x08, 0x96, 0x01]),
    Buffer.from([0x11, 1, 2, 3, 4, 5, 6, 7, 8]),
    textField(3, 'sha256:ä'),
    Buffer.from([0x25, 1, 2, 3, 4]),
    Buffer.from([0x08, 0x02]),
  ]);
  expect([...protobufFields(message)]).toEqual([
    { number: 1, value: 150 },
    { number: 3, value: Buffer.from('sha256:ä') },
    { number: 1, value: 2 },
  ]);
  expect(numberOfField(message, 1)).toBe(2);
  expect(textOfField(message, 3)).toBe('sha256:ä');
  expect([textOfField(message, 9), numberOfField(message, 9), bytesOfField(message, 9)]).toEqual(['', 0, []]);
});

it.each([
  ['a length beyond the end', [0x0a, 5, 1]],
  ['a number that is cut', [0x08, 0x80]],
  ['a number of more than ten bytes', [0x08, ...Array<number>(11).fill(0x80), 0]],
  ['groups', [0x0b]],
])('refuses %s', (_, bytes) => {
  expect(() => [...protobufFields(Buffer.from(bytes))]).toThrow(RangeError);
});

it('reads back every text that it writes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 15 }), fc.string({ maxLength: 40_000, unit: 'grapheme' }), (number, text) => {
      expect([...protobufFields(textField(number, text))]).toEqual([{ number, value: Buffer.from(text) }]);
    }),
  );
});
