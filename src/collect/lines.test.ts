import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines, type LineBlock } from './lines.ts';

async function* chunks(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function read(parts: readonly Uint8Array[], options: { growing?: boolean; maxBytes?: number } = {}) {
  const lines: string[] = [];
  const blocks: LineBlock[] = [];
  const start = { byte: 0, line: 0 };
  for await (const block of readLines(chunks(parts), { start, growing: false, ...options })) {
    blocks.push(block);
    for (let index = 0; index < block.count; index++) {
      lines.push(block.bytes.toString('latin1', block.starts[index], block.ends[index]));
    }
  }
  return { lines, blocks };
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('readLines', () => {
  it('gives the same lines however the content is cut into chunks', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', '\t', '"'), maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), async (lines, size) => {
        const whole = bytes(lines.map((text) => `${text}\n`).join(''));
        const parts: Uint8Array[] = [];
        for (let at = 0; at < whole.length; at += size) parts.push(whole.subarray(at, at + size));
        const result = await read(parts);
        expect(result.lines).toEqual(lines);
        expect(result.blocks.at(-1)?.endByte ?? 0).toBe(whole.length);
      }),
    );
  });

  it('drops a carriage return before the line end, and keeps one elsewhere', async () => {
    expect((await read([bytes('a\r\nb\rc\n')])).lines).toEqual(['a', 'b\rc']);
  });

  it('delivers a last line without its end, and says so', async () => {
    const result = await read([bytes('a\nb')]);
    expect(result.lines).toEqual(['a', 'b']);
    expect(result.blocks.at(-1)?.isUnterminated).toBe(true);
  });

  it('leaves a last line without its end for later while the content grows', async () => {
    const result = await read([bytes('a\nb')], { growing: true });
    expect(result.lines).toEqual(['a']);
    expect(result.blocks.at(-1)?.endByte).toBe(2);
  });

  it('cuts a line over the bound, reports its length, and reads on', async () => {
    const long = 'x'.repeat(50);
    const parts = [bytes('a\n'), ...long.split('').map(bytes), bytes('yy\nb\n')];
    const result = await read(parts, { maxBytes: 8 });
    expect(result.lines).toEqual(['a', 'xxxxxxxx', 'b']);
    const problem = result.blocks.flatMap((block) => block.problems);
    expect(problem).toHaveLength(1);
    expect(problem[0]).toMatchObject({ code: 'record-too-long', at: { line: 2, byte: 2 } });
    expect(problem[0]?.message).toContain('52 bytes');
    expect(result.blocks.at(-1)?.endByte).toBe(57);
  });

  it('cuts a line over the bound that comes whole in one chunk, too', async () => {
    const result = await read([bytes(`a\n${'x'.repeat(50)}\nb\n`)], { maxBytes: 8 });
    expect(result.lines).toEqual(['a', 'xxxxxxxx', 'b']);
    expect(result.blocks[0]?.problems).toMatchObject([{ code: 'record-too-long', at: { line: 2, byte: 2 } }]);
  });

  it('cuts a line over the bound that comes whole in one chunk, too', async () => {
    const result = await read([bytes(`a\n${'x'.repeat(50)}\nb\n`)], { maxBytes: 8 });
    expect(result.lines).toEqual(['a', 'xxxxxxxx', 'b']);
    expect(result.blocks[0]?.problems).toMatchObject([{ code: 'record-too-long', at: { line: 2, byte: 2 } }]);
  });

  it('numbers lines on from a checkpoint', async () => {
    const got = [];
    for await (const block of readLines(chunks([bytes('c\n')]), { start: { byte: 4, line: 2 }, growing: false })) {
      got.push(block);
    }
    expect(got[0]).toMatchObject({ firstLine: 3, endByte: 6 });
  });

  it('gives nothing for nothing', async () => {
    expect((await read([])).lines).toEqual([]);
    expect((await read([new Uint8Array(0)])).lines).toEqual([]);
  });
});
