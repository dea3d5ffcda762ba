import type { Glob, GlobPart } from './condition.ts';
import { foldCase, foldedCodePoints } from './fold.ts';

/** RE2 text, without flags, that matches what the glob does, for the whole of a text that is folded already when `ignoreCase`. */
export function globPattern(glob: Glob, ignoreCase: boolean): string {
  return String.raw`\A(?s:${glob.map((part) => partPattern(part, ignoreCase, '.')).join('')})\z`;
}

/** The same for one component of a path, where wildcards do not cross `/`; not anchored. */
export function componentPattern(glob: Glob): string {
  return glob.map((part) => partPattern(part, false, '[^/]')).join('');
}

function partPattern(part: GlobPart, ignoreCase: boolean, any: string): string {
  if (typeof part === 'string') return quotedPattern(ignoreCase ? foldCase(part) : part);
  switch (part.kind) {
    case 'one':
      return any;
    case 'many':
      return `${any}*`;
    case 'class':
      return classPattern(part, ignoreCase);
  }
}

function classPattern(part: Extract<GlobPart, { kind: 'class' }>, ignoreCase: boolean): string {
  const ranges = part.ranges.map(([first, last]) => [first.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0] as const);
  const folded = ignoreCase ? foldedRanges(ranges) : ranges;
  const inside = folded.filter(([first, last]) => first <= last).map(([first, last]) => `${hex(first)}-${hex(last)}`);
  if (inside.length === 0) return part.isNegated ? '.' : String.raw`[^\x{0}-\x{10FFFF}]`;
  return `[${part.isNegated ? '^' : ''}${inside.join('')}]`;
}

/** The ranges and what their members fold to. */
function foldedRanges(ranges: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const more: (readonly [number, number])[] = [...ranges];
  for (const [point, folded] of foldedCodePoints()) {
    if (ranges.some(([first, last]) => point >= first && point <= last)) more.push([folded, folded]);
  }
  return more;
}

function hex(point: number): string {
  return String.raw`\x{${point.toString(16)}}`;
}

/** RE2 text that matches the text itself. */
function quotedPattern(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^A-Za-z0-9_ /\u0080-\u{10ffff}]/gu, (letter) => hex(letter.codePointAt(0) ?? 0));
}

/** A glob whose only wildcards are `*` at its ends, as a plain literal test; undefined for others. */
export function literalGlob(
  glob: Glob,
): { operator: 'equals' | 'contains' | 'startsWith' | 'endsWith'; values: [string] } | undefined {
  const isMany = (part: GlobPart): boolean => typeof part === 'object' && part.kind === 'many';
  const first = glob.findIndex((part) => !isMany(part));
  const last = glob.findLastIndex((part) => !isMany(part));
  const inner = first < 0 ? [] : glob.slice(first, last + 1);
  if (!inner.every((part) => typeof part === 'string')) return undefined;
  const isOpenStart = first !== 0 && glob.length > 0;
  const isOpenEnd = last < glob.length - 1;
  const values: [string] = [inner.join('')];
  if (isOpenStart) return { operator: isOpenEnd ? 'contains' : 'endsWith', values };
  return { operator: isOpenEnd ? 'startsWith' : 'equals', values };
}

/** The longest of the glob's texts, which every text that it matches contains; empty when it has none. */
export function longestText(glob: Glob): string {
  return glob.reduce<string>(
    (longest, part) => (typeof part === 'string' && part.length > longest.length ? part : longest),
    '',
  );
}
