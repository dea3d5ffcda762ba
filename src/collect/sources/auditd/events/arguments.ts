import type { Problem } from '../../../../base/problem.ts';
import { looksHex, type Fields } from '../records/fields.ts';
import { hexBytes, textAt } from '../records/values.ts';

/** Arguments that may be missing between others: a single `a60000=` must not make a list of that length. */
const maxMissing = 1024;

/**
 * The argument list from one or more EXECVE records: `a0="ls"`, or in hexadecimal, or in pieces `a1[0]=… a1[1]=…`
 * (with `a1_len`) that may go on in the next record. One that is missing is a problem, and empty text between others.
 */
export function readArguments(records: readonly Fields[], at: Problem['at'], problems: Problem[]): string[] {
  const args: string[] = [];
  let pieces: { readonly index: number; readonly parts: Buffer[] } | undefined;
  let count = 0;
  let filled = 0;
  const finish = (): void => {
    if (pieces === undefined) return;
    args[pieces.index] = Buffer.concat(pieces.parts).toString('utf8');
    pieces = undefined;
    filled++;
  };
  for (const fields of records) {
    for (let field = 0; field < fields.count; field++) {
      const { name } = fields.keys[field] ?? fields.type;
      if (name === 'argc') count = Math.max(count, Number(fields.rawAt(field)) || 0);
      const place = readPlace(name);
      if (place === undefined || place.index > filled + maxMissing) continue;
      if (place.isWhole) {
        finish();
        args[place.index] = argumentAt(fields, field);
        filled++;
        continue;
      }
      if (pieces?.index !== place.index) finish();
      pieces ??= { index: place.index, parts: [] };
      pieces.parts.push(pieceAt(fields, field));
    }
  }
  finish();
  const expected = Math.max(args.length, count);
  if (filled < expected) {
    problems.push({
      code: 'truncated',
      at,
      message: `${filled} of ${expected} arguments of a program stand in the log`,
    });
  }
  return filled === args.length ? args : Array.from(args, (arg) => arg ?? '');
}

/** `a12` and `a12[3]`: the number, and whether it is the whole argument; undefined for `argc` and `a12_len`. */
function readPlace(name: string): { readonly index: number; readonly isWhole: boolean } | undefined {
  if (name.charCodeAt(0) !== 0x61) return undefined;
  let index = 0;
  let at = 1;
  for (; at < name.length; at++) {
    const digit = name.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) break;
    index = index * 10 + digit;
  }
  if (at === 1 || at > 7) return undefined;
  if (at === name.length) return { index, isWhole: true };
  return name[at] === '[' ? { index, isWhole: false } : undefined;
}

function isHex(fields: Fields, field: number): boolean {
  return ((fields.marks[field] ?? 0) & looksHex) !== 0;
}

/** Unlike other fields, arguments without quotes are always in hexadecimal. */
function argumentAt(fields: Fields, field: number): string {
  return isHex(fields, field) ? hexBytes(fields, field).toString('utf8') : textAt(fields, field);
}

function pieceAt(fields: Fields, field: number): Buffer {
  return isHex(fields, field) ? Buffer.from(hexBytes(fields, field)) : Buffer.from(textAt(fields, field), 'utf8');
}
