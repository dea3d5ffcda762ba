import { expect, it } from 'vitest';
import { Crc64 } from './crc64.ts';

/** The last is the check value of CRC-64/GO-ISO in the catalogue of CRC algorithms. */
it.each([
  ['', '0000000000000000'],
  ['a', '3420000000000000'],
  ['123456789', 'b90956c775a41001'],
])('the checksum of "%s"', (text, hex) => {
  const whole = new Crc64();
  whole.update(Buffer.from(text));
  expect(whole.digest().toString('hex')).toBe(hex);
  const parts = new Crc64();
  for (const letter of text) parts.update(Buffer.from(letter));
  expect(parts.digest()).toEqual(whole.digest());
});
