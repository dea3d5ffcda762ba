import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressNames } from './names.ts';

const question = Buffer.from('\x03WWW\x07example\x03com\0\0\x01\0\x01', 'latin1');
const answer = (type: number, data: readonly number[]): Buffer =>
  Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length, ...data]);
const message = (answers: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([0, 7, 0x81, 0x80, 0, 1, 0, answers.length, 0, 0, 0, 0]), question, ...answers]);

describe('names of addresses', () => {
  it('are those that were asked for, behind aliases too', () => {
    const names = new AddressNames();
    names.read(message([answer(5, [1, 0x61, 0xc0, 12]), answer(1, [192, 0, 2, 1]), answer(1, [192, 0, 2, 2])]));
    expect(names.get('\xc0\0\x02\x01')).toBe('www.example.com');
    expect(names.get('\xc0\0\x02\x02')).toBe('www.example.com');
    expect(names.get('\xc0\0\x02\x03')).toBeUndefined();
  });

  it('are read as far as a message was kept', () => {
    const names = new AddressNames();
    const whole = message([answer(1, [192, 0, 2, 1]), answer(1, [192, 0, 2, 2])]);
    names.read(whole.subarray(0, whole.length - 1));
    expect([names.get('\xc0\0\x02\x01'), names.get('\xc0\0\x02\x02')]).toEqual(['www.example.com', undefined]);
  });

  it('do not come from questions', () => {
    const names = new AddressNames();
    const asked = message([answer(1, [192, 0, 2, 1])]);
    asked[2] = 1;
    names.read(asked);
    expect(names.get('\xc0\0\x02\x01')).toBeUndefined();
  });

  it('end with any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const names = new AddressNames();
        names.read(Buffer.concat([Buffer.from([0, 0, 0x80, 0, 0, 1]), bytes]));
        expect(names.get('')).toBeUndefined();
      }),
    );
  });
});
