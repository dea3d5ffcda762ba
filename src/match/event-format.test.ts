import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventRow } from '../events/event.ts';
import { foldCase } from './condition/fold.ts';
import { isAbsent } from './condition/resolver.ts';
import { eventFormat } from './event-format.ts';

const all = eventFormat.resolver.allFields();
if (isAbsent(all)) throw new Error(all.absent);
const texts = all;

/** In small letters; undefined when the row shows none. */
function plainTexts(row: EventRow): string[] | undefined {
  const shown: string[] = [];
  return texts.plainTexts?.(row, (text) => shown.push(foldCase(text))) === true ? shown : undefined;
}

describe('the plain texts of an event', () => {
  it('has every plain run of the texts that keywords are looked for in', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'K', '\u212a', 'é', '"', '\\', '\n', '\u0001', ':', ' ', '.', 'u00', '5', '😀'),
    });
    const value = fc.oneof(
      text,
      fc.integer(),
      fc.boolean(),
      fc.array(text, { maxLength: 3 }),
      fc.dictionary(text, text),
    );
    fc.assert(
      fc.property(fc.dictionary(text, value), text, (members, line) => {
        const row = { kind: 'process' as const, fields: JSON.stringify(members), process_command_line: line };
        const plain = plainTexts(row);
        fc.pre(plain !== undefined);
        const values = (texts.get(row) as readonly string[]).map(foldCase);
        const runs = values.flatMap((one) => one.match(/[\w. -][\w. :-]*/g) ?? []);
        const isShown = (run: string): boolean => plain.some((shown) => shown.includes(run));
        expect(runs.filter((run) => /[a-df-z]/.test(run) && !isShown(run))).toEqual([]);
      }),
    );
  });

  it.each([
    [String.raw`{"CommandLine":"m\u0069mikatz"}`, 'mimikatz'],
    [String.raw`{"CommandLine":"mimi\u212Aatz"}`, 'mimi\u212aatz'],
  ])('are not shown where letters may be escaped: %s', (fields, value) => {
    const row = { kind: 'process' as const, fields };
    expect(plainTexts(row)).toBeUndefined();
    expect(texts.get(row)).toEqual([value]);
  });
});
