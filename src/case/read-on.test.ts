import { describe, expect, it } from 'vitest';
import { afterLineEnd } from './read-on.ts';

/** Where reading goes on in `whole`, of which `before` was read to its end. */
async function goesOn(before: string, whole: string): Promise<{ readonly byte: number; readonly line: number }> {
  const bytes = Buffer.from(whole);
  async function* open(from: number): AsyncGenerator<Uint8Array> {
    // One byte at a time: chunks end anywhere.
    for (let at = from; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
  }
  const lines = before.split('\n').length - (before.endsWith('\n') ? 1 : 0);
  return afterLineEnd({ byte: Buffer.byteLength(before), line: lines }, open);
}

describe('reading on in a content of lines', () => {
  it.each<[what: string, before: string, more: string, byte: number, line: number]>([
    ['after a line end', 'one\n', 'two\n', 4, 1],
    ['after a whole line that got its end', 'one', '\ntwo\n', 4, 1],
    ['after one that got the end of Windows', 'one', '\r\ntwo\r\n', 5, 1],
    ['where nothing came', 'one', '', 3, 1],
    ['at the start of a line that went on', 'one\nFailed passw', 'ord\n', 4, 1],
    ['at the start of the first line that went on', 'Failed passw', 'ord\n', 0, 0],
    ['after a record in brackets, with another on its line', 'a\n{"b":1}', '{"c":2}\n', 9, 2],
  ])('goes on %s', async (_what, before, more, byte, line) => {
    expect(await goesOn(before, before + more)).toMatchObject({ byte, line });
  });

  it('does not look for the start of a line without end', async () => {
    const long = 'x'.repeat(100_000);
    expect(await goesOn(long, `${long}y\n`)).toMatchObject({ byte: 100_000, line: 1 });
  });
});
