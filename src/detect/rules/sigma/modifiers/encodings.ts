import { literalOf, plainString, withParts } from '../strings.ts';
import type { StringValue } from '../model.ts';
import { ModifierError, type ValueModifier } from './modifier.ts';

/** UTF-16 of each literal part, one character per byte; wildcards stay. */
function utf16(order: 'little' | 'big', mark: string): ValueModifier {
  return {
    string: (value) => {
      const parts = value.parts.map((part) => {
        if (typeof part !== 'string') return part;
        const bytes = Buffer.from(part, 'utf16le');
        return (order === 'little' ? bytes : bytes.swap16()).toString('latin1');
      });
      return { ...withParts(value, mark === '' ? parts : [mark, ...parts]), isBytes: true };
    },
  };
}

export const utf16le = utf16('little', '');
export const utf16be = utf16('big', '');
/** Little-endian with a byte order mark, as the specification's example has it. */
export const utf16WithMark = utf16('little', '\u00ff\u00fe');

function bytesOf(value: StringValue, modifier: string): Buffer {
  const text = literalOf(value);
  if (text === undefined) {
    throw new ModifierError('SigmaValueError', `the modifier "${modifier}" does not take wildcards or placeholders`);
  }
  return Buffer.from(text, value.isBytes ? 'latin1' : 'utf8');
}

/** Base64 is case-sensitive text, but stays under the rule's case folding like any string (pySigma does the same). */
export const base64: ValueModifier = {
  string: (value) => ({ ...plainString(bytesOf(value, 'base64').toString('base64')), isCased: value.isCased }),
};

/** Characters at the start that hold bits of what stands before, by the number of bytes before. */
const unsureAtStart = [0, 2, 3];
/** Characters at the end, padding included, that hold bits of what follows, by length modulo 3. */
const unsureAtEnd = [0, 3, 2];

/** The three forms that the text can have inside of longer Base64, without the characters that its neighbours change. */
export const base64offset: ValueModifier = {
  string: (value) => {
    const bytes = bytesOf(value, 'base64offset');
    const forms = [0, 1, 2].map((shift) => {
      const shifted = Buffer.concat([Buffer.alloc(shift, ' '), bytes]);
      const encoded = shifted.toString('base64');
      const text = encoded.slice(unsureAtStart[shift], encoded.length - (unsureAtEnd[shifted.length % 3] ?? 0));
      return { ...plainString(text), isCased: value.isCased };
    });
    return { type: 'or', values: forms };
  },
};
