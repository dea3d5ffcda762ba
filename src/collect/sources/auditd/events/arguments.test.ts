import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../../base/problem.ts';
import { Fields } from '../records/fields.ts';
import { readRecord } from '../records/record.ts';
import { readArguments } from './arguments.ts';

function read(bodies: readonly string[]): { args: string[]; problems: Problem[] } {
  const records = bodies.map((body) => {
    const bytes = Buffer.from(`type=EXECVE msg=audit(1.0:1): ${body}`, 'utf8');
    const record = readRecord({ bytes, text: bytes.toString('latin1') }, 0, bytes.length, 1, 0);
    if (typeof record === 'string') throw new Error(record);
    const fields = new Fields();
    fields.read(record);
    return fields;
  });
  const problems: Problem[] = [];
  return { args: readArguments(records, { line: 1 }, problems), problems };
}

const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex').toUpperCase();

describe('arguments of a program', () => {
  it('come back whole, however the kernel wrote and cut them', () => {
    const argument = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(fc.array(argument, { minLength: 1, maxLength: 12 }), fc.integer({ min: 2, max: 9 }), (args, size) => {
        const parts = args.flatMap((arg, index) => {
          const digits = hex(arg);
          if (digits === '') return [`a${index}=""`];
          if (digits.length <= size) return [`a${index}=${digits}`];
          const pieces = Array.from({ length: Math.ceil(digits.length / (2 * size)) }, (_none, piece) =>
            digits.slice(piece * 2 * size, (piece + 1) * 2 * size),
          );
          return [`a${index}_len=${digits.length}`, ...pieces.map((piece, number) => `a${index}[${number}]=${piece}`)];
        });
        const bodies = [`argc=${args.length}`];
        for (const part of parts) {
          if ((bodies.at(-1)?.length ?? 0) > 60) bodies.push('');
          bodies[bodies.length - 1] += ` ${part}`;
        }
        expect(read(bodies)).toEqual({ args, problems: [] });
      }),
    );
  });

  it('are named when some are missing', () => {
    expect(read(['argc=4 a0="ls" a2="x"'])).toMatchObject({
      args: ['ls', '', 'x'],
      problems: [{ code: 'truncated', message: '2 of 4 arguments of a program stand in the log' }],
    });
  });

  it('do not make a long list out of one number', () => {
    expect(read(['argc=99999999 a0="x" a60000="y"']).args).toEqual(['x']);
  });
});
