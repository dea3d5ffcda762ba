import { parseCidr } from '../../../../base/ip.ts';
import type { SigmaValue, StringPart, StringValue } from '../model.ts';
import { literalOf, withParts } from '../strings.ts';
import { maxAlternatives, ModifierError, type ModifierContext, type ValueModifier } from './modifier.ts';

function wantUnmodified(name: string, context: ModifierContext): void {
  if (context.applied.length === 0) return;
  throw new ModifierError('SigmaValueError', `the modifier "${name}" only applies to values that no other has changed`);
}

/** The text as it stands, backslashes included, is the pattern. */
export const re: ValueModifier = {
  string: (value, context) => {
    wantUnmodified('re', context);
    return { type: 'regex', pattern: value.original, ignoreCase: false, isMultiline: false, isDotAll: false };
  },
};
export const ignoreCase: ValueModifier = { regex: (value) => ({ ...value, ignoreCase: true }) };
export const multiline: ValueModifier = { regex: (value) => ({ ...value, isMultiline: true }) };
export const dotAll: ValueModifier = { regex: (value) => ({ ...value, isDotAll: true }) };

export const cidr: ValueModifier = {
  string: (value, context) => {
    wantUnmodified('cidr', context);
    const text = value.original;
    const range = parseCidr(text);
    if (range === undefined) throw new ModifierError('SigmaTypeError', `${JSON.stringify(text)} is no network`);
    const address = parseCidr(text.split('/')[0] ?? '');
    if (address?.first !== range.first) {
      throw new ModifierError('SigmaTypeError', `the network ${JSON.stringify(text)} has host bits set`);
    }
    return { type: 'cidr', cidr: text };
  },
};

export const exists: ValueModifier = {
  boolean: (value, context) => {
    wantUnmodified('exists', context);
    if (context.field === null) throw new ModifierError('SigmaValueError', 'the modifier "exists" needs a field');
    return { type: 'exists', value: value.value };
  },
};

export const fieldref: ValueModifier = {
  string: (value): SigmaValue => {
    const field = literalOf(value);
    if (field === undefined || field === '') {
      throw new ModifierError('SigmaValueError', 'the modifier "fieldref" takes the name of a field');
    }
    return { type: 'fieldref', field, mode: 'equals' };
  },
};

/** What Windows programs take for the dash of an option: hyphen, slash, en dash, em dash, horizontal bar. */
const dashes = ['-', '/', '\u2013', '\u2014', '\u2015'];

/** Each dash or slash at the beginning of a word becomes each of the five, in all combinations. */
export const windash: ValueModifier = {
  string: (value) => {
    const pieces: (StringPart | null)[] = [];
    for (const part of value.parts) {
      if (typeof part !== 'string') pieces.push(part);
      else part.split(/\B[-/]\b/).forEach((text, index) => pieces.push(...(index === 0 ? [text] : [null, text])));
    }
    return { type: 'or', values: combine(value, pieces) };
  },
};

function combine(value: StringValue, pieces: readonly (StringPart | null)[]): StringValue[] {
  let lists: StringPart[][] = [[]];
  for (const piece of pieces) {
    if (piece === null) lists = lists.flatMap((list) => dashes.map((dash) => [...list, dash]));
    else for (const list of lists) list.push(piece);
    if (lists.length > maxAlternatives) {
      throw new ModifierError('SigmaValueError', `the value would become more than ${maxAlternatives} alternatives`);
    }
  }
  return lists.map((parts) => withParts(value, parts));
}

/** `%name%` becomes a placeholder; `\%` is a percent sign. */
export const expand: ValueModifier = {
  string: (value) => {
    const parts = value.parts.flatMap((part) => (typeof part === 'string' ? splitPlaceholders(part) : [part]));
    return withParts(value, parts);
  },
};

export function splitPlaceholders(text: string): StringPart[] {
  const parts: StringPart[] = [];
  let from = 0;
  for (const match of text.matchAll(/\\%|%(\w+)%/g)) {
    parts.push(text.slice(from, match.index));
    parts.push(match[1] === undefined ? '%' : { placeholder: match[1] });
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return parts;
}
