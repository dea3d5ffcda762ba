import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cbor, type CborInput } from '../../../../../tests/support/signing/notation.ts';
import { decodeCbor } from './cbor.ts';

const leaf = fc.oneof(
  fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
  fc.string({ unit: 'grapheme' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);
const keys = fc.oneof(fc.integer(), fc.string());
const value: fc.Arbitrary<CborInput> = fc.oneof(
  leaf,
  fc.array(leaf),
  fc.array(fc.tuple(keys, leaf)).map((pairs) => new Map<number | string, CborInput>(pairs)),
  fc.record({ tag: fc.nat(), value: leaf }),
);

describe('CBOR', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(value, (written) => {
        expect(decodeCbor(cbor(written))).toEqual(written);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['a cut number', '19ff'],
    ['a cut text', '6261'],
    ['more bytes than one value', '0101'],
    ['an indefinite list', '9f01ff'],
    ['a float', 'f93c00'],
    ['a key twice', 'a201010102'],
    ['a key that is a list', 'a18001'],
    ['a list of 2^64 members', '9bffffffffffffffff'],
    ['a nesting of 17', `${'81'.repeat(17)}01`],
  ])('does not read %s', (_case, hex) => {
    expect(decodeCbor(Buffer.from(hex, 'hex'))).toBeUndefined();
  });

  it('reads no more than 4096 values', () => {
    expect(decodeCbor(cbor(Array.from({ length: 4095 }, () => 1)))).toHaveLength(4095);
    expect(decodeCbor(cbor(Array.from({ length: 4096 }, () => 1)))).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(() => decodeCbor(Buffer.from(bytes))).not.toThrow();
      }),
    );
  });
});
