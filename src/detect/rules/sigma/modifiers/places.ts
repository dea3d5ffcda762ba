import { isWild, wildMany, withParts } from '../strings.ts';
import type { SigmaValue, StringValue } from '../model.ts';
import type { ValueModifier } from './modifier.ts';

type Mode = 'contains' | 'startswith' | 'endswith';

/** `contains`, `startswith`, `endswith`: wildcards around a string, `.*` around a regular expression. */
function place(mode: Mode): ValueModifier {
  return {
    string: (value) => openString(value, mode !== 'startswith', mode !== 'endswith'),
    regex: (value) => ({ ...value, pattern: openPattern(value.pattern, mode !== 'startswith', mode !== 'endswith') }),
    fieldref: (value): SigmaValue => ({ ...value, mode }),
  };
}

function openString(value: StringValue, atStart: boolean, atEnd: boolean): StringValue {
  const parts = [...value.parts];
  if (atStart && !isWild(parts[0], '*')) parts.unshift(wildMany);
  if (atEnd && !isWild(parts.at(-1), '*')) parts.push(wildMany);
  return withParts(value, parts);
}

function openPattern(pattern: string, atStart: boolean, atEnd: boolean): string {
  const before = atStart && !pattern.startsWith('.*') && !pattern.startsWith('^') ? '.*' : '';
  const after = atEnd && !pattern.endsWith('.*') && !pattern.endsWith('$') ? '.*' : '';
  return `${before}${pattern}${after}`;
}

export const contains = place('contains');
export const startswith = place('startswith');
export const endswith = place('endswith');

export const cased: ValueModifier = { string: (value) => ({ ...value, isCased: true }) };
