import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FileSink } from '../analyzer.ts';
import { JoinedFile } from './joined-file.ts';

class Seen implements FileSink {
  readonly uid = 'F1';
  readonly mimeType = null;
  text = '';
  isEnded = false;

  data(bytes: Uint8Array): void {
    this.text += Buffer.from(bytes).toString('latin1');
  }

  gap(length: number): void {
    this.text += length > 1000 ? `<${length}>` : '-'.repeat(length);
  }

  end(): void {
    this.isEnded = true;
  }
}

function join(...pieces: readonly (readonly [at: number, text: string])[]): string {
  const seen = new Seen();
  const file = new JoinedFile(seen, { bytes: 1e6 });
  for (const [at, text] of pieces) file.add(at, Buffer.from(text));
  file.end();
  expect(seen.isEnded).toBe(true);
  return seen.text;
}

describe('a file of ranges', () => {
  test.each([
    ['in order', [[0, 'abc'] as const, [3, 'def'] as const], 'abcdef'],
    ['the end first', [[3, 'def'] as const, [0, 'abc'] as const], 'abcdef'],
    ['twice, the first copy counts', [[2, 'cd'] as const, [0, 'ABCDEF'] as const], 'ABcdEF'],
    ['behind what was handed on', [[0, 'abc'] as const, [1, 'XXd'] as const], 'abcd'],
    ['with a hole', [[0, 'ab'] as const, [4, 'ef'] as const], 'ab--ef'],
    ['without its beginning', [[2, 'cd'] as const], '--cd'],
    [
      'over three that wait',
      [[1, 'b'] as const, [3, 'd'] as const, [5, 'f'] as const, [0, 'ACECEF'] as const],
      'AbEdEf',
    ],
  ])('%s', (_what, pieces, text) => {
    expect(join(...pieces)).toBe(text);
  });

  test('is what a plain array says, whatever comes in whatever order', () => {
    const piece = fc.tuple(
      fc.nat(60),
      fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom('a', 'b', 'c') }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const plain: string[] = [];
        for (const [at, text] of pieces) {
          for (let index = 0; index < text.length; index++) plain[at + index] ??= text.charAt(index);
        }
        expect(join(...pieces)).toBe(Array.from(plain, (letter) => letter ?? '-').join(''));
      }),
    );
  });
});

test('what waits is bounded, alone and together: the hole is given up', () => {
  const seen = new Seen();
  const room = { bytes: 10_000 };
  const file = new JoinedFile(seen, room);
  for (let at = 0; at < 100; at++) file.add(5000 + at * 1000, Buffer.alloc(1000, 'x'));
  expect(seen.text.startsWith('<5000>x')).toBe(true);
  file.end();
  expect(seen.text).toHaveLength('<5000>'.length + 100_000);
  expect(room.bytes).toBe(10_000);
});

test('single bytes far from each other are bounded too', () => {
  const seen = new Seen();
  const room = { bytes: 1e9 };
  const file = new JoinedFile(seen, room);
  for (let at = 1; at < 20_000; at++) file.add(at * 3000, Buffer.from('x'));
  expect(1e9 - room.bytes).toBeLessThanOrEqual(257 * 4096);
  file.end();
  expect(seen.text.match(/x/g)).toHaveLength(19_999);
});
