import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DelimitedLayout } from '../../bulk.ts';
import { cellForm, hasForm, usualEnd, type CellForm } from './cell-form.ts';
import { surveyFile } from './survey.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'survey-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const layout: DelimitedLayout = {
  type: 'delimited',
  delimiter: '\t',
  columns: ['n', 'text', 'ip'].map((name) => ({ name, isList: false, isText: true })),
  unset: '-',
  empty: '(empty)',
  listSeparator: ',',
  comment: '#',
};
const forms: readonly (readonly CellForm[])[] = [[cellForm.integer], [], [cellForm.ip]];

function survey(text: string | Buffer, parts: Partial<DelimitedLayout> = {}) {
  const path = join(folder, 'lines');
  writeFileSync(path, text);
  return surveyFile(path, { ...layout, ...parts }, forms);
}

describe('surveyFile', () => {
  it.each([
    '1\ta\t10.0.0.1\n',
    '1\ta\t10.0.0.1',
    '-\t-\t-\n',
    '1\ta\t10.0.0.1\r\n2\t\t::1\r\n',
    '-5\tx\tfe80::1\n',
    '',
  ])('takes %j for regular', (text) => {
    expect(survey(text).isRegular).toBe(true);
  });

  it.each([
    '1\ta\n',
    '1\ta\t10.0.0.1\t\n',
    'a\ta\t10.0.0.1\n',
    '1 \ta\t10.0.0.1\n',
    '1\ta\t10.0.0.01\n',
    '\n',
    '1\ta\t10.0.0.1\n\n',
    '#close\t2020\t-\n',
    '1234567890123456\ta\t-\n',
    `1\t${'x'.repeat(3_000_000)}\t-\n`,
  ])('does not take %j for regular', (text) => {
    expect(survey(text).isRegular).toBe(false);
  });

  it('does not look at separators of several bytes', () => {
    expect(survey('1||a||-\n', { delimiter: '||' }).isRegular).toBe(false);
  });

  it('tells in which columns no cell has an escape or the mark for empty text', () => {
    expect(survey('1\ta\t10.0.0.1\n').isPlain).toEqual([false, true, false]);
    expect(survey('1\ta\\x41\t10.0.0.1\n').isPlain[1]).toBe(false);
    expect(survey('1\t(empty)\t10.0.0.1\n').isPlain[1]).toBe(false);
  });

  it('sees every line of a file that is larger than a piece', () => {
    const line = `1\t${'x'.repeat(90)}\t10.0.0.1\n`;
    const lines = line.repeat(50_000);
    expect(survey(lines).isRegular).toBe(true);
    expect(survey(`${lines}x\ta\t-\n`).isRegular).toBe(false);
  });
});

describe('usualEnd', () => {
  it('never ends where the cell does not have its form', () => {
    const letters = fc.constantFrom(...'0 1 2 5 6 9 . . - - T F e E : a \t'.split(' '), ' ');
    const form = fc.constantFrom(...Object.values(cellForm));
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 20 }), form, (text, which) => {
        const bytes = Buffer.from(`${text}\n`);
        const end = usualEnd(which, bytes, 0);
        const isCell = end > 0 && (bytes[end] === 9 || bytes[end] === 10);
        expect(!isCell || hasForm(which, bytes, 0, end)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
