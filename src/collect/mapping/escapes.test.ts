import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { undoControlEscapes, undoEscapes } from './escapes.ts';

/** What Zeek's ASCII writer does to a text. */
function escaped(text: string): string {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return bytes.replace(/[^ -~]|\\|,/g, (letter) =>
    letter === '\\' ? '\\\\' : `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

describe('undoEscapes', () => {
  it('gives back any text that was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        expect(undoEscapes(escaped(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['\\\\x41', '\\x41'],
    ['\\\\\\x41', '\\A'],
    ['\\q', '\\q'],
    ['\\x4', '\\x4'],
    ['\\', '\\'],
    ['\\xff\\x41', '\\xffA'],
    ['\\xc3\\xa9\\xff', '\\xc3\\xa9\\xff'],
    ['é\\x41', 'éA'],
    ['', ''],
  ])('%s is %s', (text, want) => {
    expect(undoEscapes(text)).toBe(want);
  });
});

describe('undoControlEscapes', () => {
  it('undoes control characters and leaves what somebody may have sent as text', () => {
    expect(undoControlEscapes('\\x00\\x1F\\x7f\\x24{jndi:\\x41\\xff\\\\')).toBe('\0\x1f\x7f\\x24{jndi:\\x41\\xff\\\\');
  });
});
