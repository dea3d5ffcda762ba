import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guessDelimiter, splitRow } from './delimited.ts';
import { EntryBatch, parseConfidence, parseListTime } from './entries.ts';
import { readJsonItems, type JsonItem } from './json-items.ts';
import { maxItemChars } from './json-scanner.ts';
import { peek } from './peek.ts';
import { readRows, type Row } from './rows.ts';
import { maxLineChars, readTextLines } from './text-lines.ts';
import type { Problem } from '../../../base/problem.ts';

async function* pieces(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function linesOf(content: AsyncIterable<Uint8Array>): Promise<{ lines: string[]; problems: Problem[] }> {
  const lines: string[] = [];
  const problems: Problem[] = [];
  for await (const batch of readTextLines(content)) {
    expect(batch.firstLine).toBe(lines.length + 1);
    lines.push(...batch.lines);
    problems.push(...batch.problems);
  }
  return { lines, problems };
}

async function itemsOf(
  text: string,
  wanted: string,
  size?: number,
): Promise<{ items: JsonItem[]; problems: Problem[] }> {
  const items: JsonItem[] = [];
  const problems: Problem[] = [];
  for await (const batch of readJsonItems(pieces(text, size), (path) => path.join('/') === wanted)) {
    items.push(...batch.items);
    problems.push(...batch.problems);
  }
  return { items, problems };
}

describe('readTextLines', () => {
  it('gives the same lines however the text is cut, without a mark and line ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'ä', '\t', '€') })),
        fc.integer({ min: 1, max: 9 }),
        async (lines, size) => {
          const whole = lines.map((line) => `${line}\r\n`).join('');
          expect((await linesOf(pieces(`\uFEFF${whole}`, size))).lines).toEqual(lines);
        },
      ),
    );
  });

  it('leaves out a line over the bound, tells where, and reads on', async () => {
    const long = 'x'.repeat(3 * maxLineChars);
    const { lines, problems } = await linesOf(pieces(`a\n${long}\nb\n`, 10_000));
    expect(lines).toEqual(['a', '', 'b']);
    expect(problems).toEqual([expect.objectContaining({ code: 'record-too-long', at: { line: 2 } })]);
  });

  it('reads a long line in one piece and an endless one without keeping it', async () => {
    const one = await linesOf(pieces(`${'x'.repeat(maxLineChars + 1)}\nb`, 1 << 20));
    expect(one).toMatchObject({ lines: ['', 'b'], problems: [{ code: 'record-too-long', at: { line: 1 } }] });
    const endless = await linesOf(pieces('y'.repeat(5 * maxLineChars), 1000));
    expect(endless.lines.join('')).toBe('');
    expect(endless.problems).toHaveLength(1);
  });
});

describe('splitRow', () => {
  it('keeps delimiters and quotes inside quoted cells', () => {
    expect(splitRow('"a,""b""", c ,"d"', ',')).toEqual(['a,"b"', 'c', 'd']);
    expect(splitRow('a;;', ';')).toEqual(['a', '', '']);
    expect(splitRow('"open, never closed', ',')).toBeUndefined();
  });

  it('undoes what a writer of RFC 4180 does', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ' ', '\n') }).map((text) => text.trim());
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
        const row = cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
        expect(splitRow(row, ',')).toEqual(cells);
      }),
    );
  });

  it('guesses the delimiter that cuts most', () => {
    expect([guessDelimiter('a;b;c,d'), guessDelimiter('a\tb'), guessDelimiter('alone')]).toEqual([';', '\t', ',']);
  });
});

describe('readRows', () => {
  async function rowsOf(text: string): Promise<{ rows: Row[]; problems: Problem[] }> {
    const rows: Row[] = [];
    const problems: Problem[] = [];
    for await (const batch of readRows(pieces(text))) {
      rows.push(...batch.rows);
      problems.push(...batch.problems);
    }
    return { rows, problems };
  }

  it('joins a quoted cell that goes over lines, and numbers rows by their first line', async () => {
    const { rows } = await rowsOf('# note\na,b\n"one\ntwo",x\nc,d\n');
    expect(rows.map((row) => [row.line, row.isComment, row.cells])).toEqual([
      [1, true, ['note']],
      [2, false, ['a', 'b']],
      [3, false, ['one\ntwo', 'x']],
      [5, false, ['c', 'd']],
    ]);
  });

  it('gives up on a quote that is never closed, with a problem, and loses no line', async () => {
    const many = Array.from({ length: 200 }, (_none, index) => `${index}.example.com,x`).join('\n');
    const { rows, problems } = await rowsOf(`v,w\n"open,y\n${many}\n`);
    expect(rows).toHaveLength(202);
    expect(problems).toEqual([expect.objectContaining({ code: 'bad-record', at: { line: 2 } })]);
  });
});

describe('readJsonItems', () => {
  it('finds wanted values at any cut, whatever strings and escapes stand around them', async () => {
    const document = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(document, fc.integer({ min: 1, max: 20 }), async (values, size) => {
        const text = JSON.stringify({ 'o"x': [1, '}]'], objects: values, end: { objects: [9] } });
        const { items, problems } = await itemsOf(text, 'objects/*', size);
        expect(items.map((item) => item.value)).toEqual(
          values.map((value) => JSON.parse(JSON.stringify(value)) as unknown),
        );
        expect(problems).toEqual([]);
      }),
    );
  });

  it('says that a text ends in the middle, and keeps what came before', async () => {
    const { items, problems } = await itemsOf('{"objects":[{"a":1},{"b"', 'objects/*');
    expect(items.map((item) => item.value)).toEqual([{ a: 1 }]);
    expect(problems).toEqual([expect.objectContaining({ code: 'truncated' })]);
  });

  it('passes over a million nested lists with bounded memory, wanted or not', async () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    const { items, problems } = await itemsOf(`{"x":${deep},"objects":[1]}`, 'objects/*', 1 << 16);
    expect(items.map((item) => item.value)).toEqual([1]);
    expect(problems).toEqual([]);
    const wanted = await itemsOf(`{"objects":[${deep}]}`, 'objects/*', 1 << 16);
    expect(wanted.items).toHaveLength(1);
  });

  it('leaves out a value over the bound and a value that is no JSON', async () => {
    const { items, problems } = await itemsOf(
      `{"objects":["${'x'.repeat(maxItemChars)}",{a:1},2]}`,
      'objects/*',
      1 << 20,
    );
    expect(items.map((item) => item.value)).toEqual([2]);
    expect(problems.map((problem) => problem.code)).toEqual(['record-too-long', 'bad-record']);
  });

  it('stops at text that is no JSON', async () => {
    expect((await itemsOf(']]]]{"objects":[1]}', 'objects/*')).problems).toEqual([
      expect.objectContaining({ code: 'bad-record' }),
    ]);
  });

  it('reads values that follow one another', async () => {
    expect((await itemsOf('{"objects":[1]}\n{"objects":[2]}', 'objects/*')).items.map((item) => item.value)).toEqual([
      1, 2,
    ]);
  });
});

describe('peek', () => {
  it('shows the beginning and gives all of it again', async () => {
    const { head, content } = await peek(pieces('abcdefghij', 4), 5);
    expect(Buffer.from(head).toString()).toBe('abcde');
    const all: Uint8Array[] = [];
    for await (const chunk of content) all.push(chunk);
    expect(Buffer.concat(all).toString()).toBe('abcdefghij');
  });
});

describe('EntryBatch', () => {
  it('bounds descriptions and confidences, and names the port', () => {
    const batch = new EntryBatch();
    batch.add(undefined, '203.0.113.9:443', {}, { description: 'y'.repeat(1000), confidence: 900 });
    batch.add('address', '203.0.113.10:80', {}, { confidence: Number.NaN });
    expect(batch.indicators[0]).toMatchObject({ confidence: 100 });
    expect(batch.indicators[0]?.description).toHaveLength(300);
    expect(batch.indicators[1]).toMatchObject({ confidence: null, description: 'port 80' });
  });

  it('reads times and confidences as lists write them, and nothing else', () => {
    expect(
      ['2026-05-01', '2026-05-01 10:00:00 UTC', '2026-05-01T10:00:00Z', '1777629600', 'soon', ''].map(parseListTime),
    ).toEqual([
      1_777_593_600_000_000,
      1_777_629_600_000_000,
      1_777_629_600_000_000,
      1_777_629_600_000_000,
      undefined,
      undefined,
    ]);
    expect(['90', '90%', '0.9', 'High', '1', 'constructor', '-5'].map(parseConfidence)).toEqual([
      90,
      90,
      90,
      85,
      1,
      undefined,
      undefined,
    ]);
  });
});
