import { expect, test } from 'vitest';
import { transferDecoder } from './transfer-decoding.ts';

function decoded(encoding: string, lines: readonly string[]): string {
  const pieces: Uint8Array[] = [];
  const decoder = transferDecoder(encoding, (bytes) => pieces.push(Buffer.from(bytes)));
  for (const line of lines) decoder.line(Buffer.from(line, 'latin1'), false, false);
  decoder.end();
  return Buffer.concat(pieces).toString('latin1');
}

// Lines of Python's binascii.b2a_uu, as a peer; some programs write a backquote for the space, or leave spaces at the end out.
test('undoes uuencode', () => {
  const lines = ['a word before', 'begin 644 u.bin', String.raw`):&5L;&\A"GY<`, '!    ', '`', 'end', 'and behind'];
  expect(decoded('X-UUencode', lines)).toBe('hello!\n~\\\0');
  expect(decoded('uuencode', ['begin 0600 x', '!``', '!'])).toBe('\0\0');
  expect(decoded('x-uue', ['no file', 'M'.repeat(61)])).toBe('');
});
