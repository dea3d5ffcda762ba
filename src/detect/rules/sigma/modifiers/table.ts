import { base64, base64offset, utf16be, utf16le, utf16WithMark } from './encodings.ts';
import type { ValueModifier } from './modifier.ts';
import { gt, gte, lt, lte, timePart } from './numbers.ts';
import { cidr, dotAll, exists, expand, fieldref, ignoreCase, multiline, re, windash } from './patterns.ts';
import { cased, contains, endswith, startswith } from './places.ts';

/** Modifiers that change how the values of an item are taken together, and leave each as it is. */
export const itemModifiers: ReadonlySet<string> = new Set(['all', 'neq']);

/** https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md */
export const valueModifiers: Readonly<Record<string, ValueModifier>> = {
  contains,
  startswith,
  endswith,
  cased,
  exists,
  windash,
  re,
  i: ignoreCase,
  ignorecase: ignoreCase,
  m: multiline,
  multiline,
  s: dotAll,
  dotall: dotAll,
  base64,
  base64offset,
  utf16le,
  wide: utf16le,
  utf16be,
  utf16: utf16WithMark,
  lt,
  lte,
  gt,
  gte,
  minute: timePart('minute'),
  hour: timePart('hour'),
  day: timePart('day'),
  week: timePart('week'),
  month: timePart('month'),
  year: timePart('year'),
  cidr,
  expand,
  fieldref,
};
