import type { Glob, GlobPart } from '../../../../match/condition/condition.ts';

type GlobClass = Extract<GlobPart, { kind: 'class' }>;

/** fnmatch(3) without flags: `*`, `?`, `[a-z]`, `[!a-z]`, a backslash takes the next character as it is. */
export function parseGlob(pattern: string): Glob {
  const parts: GlobPart[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') parts.push(literal);
    literal = '';
  };
  const characters = Array.from(pattern);
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? '';
    const set = character === '[' ? globClass(characters, index) : undefined;
    if (character === '*' || character === '?') {
      flush();
      parts.push({ kind: character === '*' ? 'many' : 'one' });
    } else if (set !== undefined) {
      flush();
      parts.push(set.part);
      index = set.end;
    } else if (character === '\\' && index + 1 < characters.length) {
      index++;
      literal += characters[index] ?? '';
    } else literal += character;
  }
  flush();
  return parts;
}

/** The set that opens at an index and the index of its bracket; undefined when it is not closed and so stands for itself. */
function globClass(
  characters: readonly string[],
  start: number,
): { readonly part: GlobClass; readonly end: number } | undefined {
  let index = start + 1;
  const isNegated = characters[index] === '!' || characters[index] === '^';
  if (isNegated) index++;
  const ranges: [string, string][] = [];
  for (let isFirst = true; index < characters.length; isFirst = false) {
    let first = characters[index] ?? '';
    if (first === ']' && !isFirst) return { part: { kind: 'class', isNegated, ranges }, end: index };
    if (first === '\\') first = characters[++index] ?? '';
    let last = first;
    if (characters[index + 1] === '-' && characters[index + 2] !== undefined && characters[index + 2] !== ']') {
      index += 2;
      last = characters[index] ?? '';
    }
    ranges.push([first, last]);
    index++;
  }
  return undefined;
}

/** Components of a path prefix for `pmatch`, each a pattern. */
export function parsePathPrefix(prefix: string): Glob[] {
  return prefix
    .split('/')
    .filter((component) => component !== '')
    .map(parseGlob);
}
