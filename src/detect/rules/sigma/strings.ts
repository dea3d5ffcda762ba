import type { StringPart, StringValue } from './model.ts';

export const wildMany: StringPart = { wild: '*' };
const wildOne: StringPart = { wild: '?' };

/**
 * A value as the specification's section "Escaping" reads it: `*` and `?` are wildcards, a backslash makes them and
 * itself plain, and before anything else stands for itself.
 */
export function parseString(text: string): StringValue {
  const parts: StringPart[] = [];
  let literal = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    const next = text.charAt(index + 1);
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      index++;
    } else if (char === '*' || char === '?') {
      if (literal !== '') parts.push(literal);
      parts.push(char === '*' ? wildMany : wildOne);
      literal = '';
    } else literal += char;
  }
  if (literal !== '') parts.push(literal);
  return { type: 'string', parts, isCased: false, isBytes: false, original: text };
}

export function isWild(part: StringPart | undefined, wild?: '*' | '?'): boolean {
  return typeof part === 'object' && 'wild' in part && (wild === undefined || part.wild === wild);
}

/** The text of a string without wildcards and placeholders; undefined when it has one. */
export function literalOf(value: StringValue): string | undefined {
  const { parts } = value;
  if (parts.length === 0) return '';
  const [only] = parts;
  return parts.length === 1 && typeof only === 'string' ? only : undefined;
}

/** The same string with other parts: empty literals vanish, neighbours grow together. */
export function withParts(value: StringValue, parts: readonly StringPart[]): StringValue {
  const joined: StringPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else joined.push(part);
  }
  return { ...value, parts: joined };
}

/** A string of plain text, whatever characters it has. */
export function plainString(text: string): StringValue {
  return { type: 'string', parts: text === '' ? [] : [text], isCased: false, isBytes: false, original: text };
}
