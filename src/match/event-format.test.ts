import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAbsent } from './condition/resolver.ts';
import { eventFormat } from './event-format.ts';

const all = eventFormat.resolver.allFields();
if (isAbsent(all)) throw new Error(all.absent);
const texts = all;

describe('the plain text of an event', () => {
  it('has every plain run of the texts that keywords are looked for in', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'é', '"', '\\', '\n', '\u0001', ':', ' ', '.', 'u00', '5', '😀'),
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
        const plain = texts.plainText?.(row);
        fc.pre(plain !== undefined);
        const runs = (texts.get(row) as readonly string[]).flatMap((one) => one.match(/[\w. -][\w. :-]*/g) ?? []);
        expect(runs.filter((run) => /[a-df-z]/.test(run) && !plain.includes(run))).toEqual([]);
      }),
    );
  });

  it('is not told where letters may be escaped', () => {
    const row = { kind: 'process' as const, fields: String.raw`{"CommandLine":"m\u0069mikatz"}` };
    expect(texts.plainText?.(row)).toBeUndefined();
    expect(texts.get(row)).toEqual(['mimikatz']);
  });
});
