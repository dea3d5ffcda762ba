import { expect, test } from 'vitest';
import { wideText } from './text.ts';

test('half a surrogate pair in UTF-16 is no text', () => {
  expect(wideText(Buffer.from('45004cd85a00', 'hex'))).toBe('E\ufffdZ');
  expect(wideText(Buffer.from('a\u{1f600}b', 'utf16le'), 2)).toBe('\u{1f600}b');
});
