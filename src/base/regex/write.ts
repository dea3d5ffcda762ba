import { complement, intersection, type CodePoints } from './code-points.ts';
import type { Assertion, Pattern } from './syntax.ts';

/** How an engine spells the parts of a pattern. */
interface Spelling {
  readonly assertions: Readonly<Record<Assertion, string>>;
  set(set: CodePoints): string;
  /** A set repeated any number of times, none included. */
  run(set: CodePoints): string;
}

/** The pattern for RE2, without flags and without classes whose members depend on a Unicode version. */
export function writeRe2(pattern: Pattern): string {
  // RE2 works on bytes and would find \B inside a character, were it not led there by whole characters.
  const lead = has(pattern, ['no-word-edge']) ? String.raw`\A(?s:.*)` : '';
  // DuckDB turns a plain pattern into LIKE and there forgets an anchor that stands within; a group keeps it from that.
  const guard = innerParts(pattern).some((part) => has(part, ['text-start', 'text-end'])) ? '()' : '';
  return `${lead}${guard}${grouped(pattern, re2Spelling)}`;
}

/** The pattern for JavaScript without flags, over UTF-16 code units of well-formed text. */
export function writeJavaScript(pattern: Pattern): string {
  return write(pattern, javaScriptSpelling);
}

/** All but an anchor at either end. */
function innerParts(pattern: Pattern): readonly Pattern[] {
  if (pattern.kind !== 'sequence') return [];
  return pattern.of.filter((part, at) => {
    const isStart = at === 0 && part.kind === 'assertion' && part.of === 'text-start';
    const isEnd = at === pattern.of.length - 1 && part.kind === 'assertion' && part.of === 'text-end';
    return !isStart && !isEnd;
  });
}

function has(pattern: Pattern, assertions: readonly Assertion[]): boolean {
  if (pattern.kind === 'assertion') return assertions.includes(pattern.of);
  if (pattern.kind === 'set') return false;
  return pattern.kind === 'repeat' ? has(pattern.of, assertions) : pattern.of.some((part) => has(part, assertions));
}

const re2Spelling: Spelling = {
  assertions: {
    'text-start': String.raw`\A`,
    'text-end': String.raw`\z`,
    'line-start': '(?m:^)',
    'line-end': '(?m:$)',
    'word-edge': String.raw`\b`,
    'no-word-edge': String.raw`\B`,
  },
  set: re2Set,
  run: (set) => `${re2Set(set)}*`,
};

const javaScriptSpelling: Spelling = {
  assertions: {
    'text-start': '^',
    'text-end': '$',
    'line-start': String.raw`(?<![^\n])`,
    'line-end': String.raw`(?![^\n])`,
    'word-edge': String.raw`\b`,
    'no-word-edge': String.raw`\B`,
  },
  set: javaScriptSet,
  run: (set) => `${javaScriptRun(set)}*`,
};

function write(pattern: Pattern, spelling: Spelling): string {
  switch (pattern.kind) {
    case 'set':
      return spelling.set(pattern.set);
    case 'assertion':
      return spelling.assertions[pattern.of];
    case 'sequence':
      return pattern.of.map((member) => grouped(member, spelling)).join('');
    case 'choice':
      return pattern.of.map((member) => write(member, spelling)).join('|');
    case 'repeat': {
      const { of, min, max } = pattern;
      if (of.kind !== 'set' || max !== Number.POSITIVE_INFINITY || min > 1) {
        return `(?:${write(of, spelling)})${quantifier(min, max)}`;
      }
      return min === 0 ? spelling.run(of.set) : spelling.set(of.set) + spelling.run(of.set);
    }
  }
}

function grouped(pattern: Pattern, spelling: Spelling): string {
  return pattern.kind === 'choice' ? `(?:${write(pattern, spelling)})` : write(pattern, spelling);
}

function quantifier(min: number, max: number): string {
  if (min === 0 && max === Number.POSITIVE_INFINITY) return '*';
  if (max === Number.POSITIVE_INFINITY) return `{${min},}`;
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function re2Set(set: CodePoints): string {
  const [first, last] = set;
  if (first === undefined) return String.raw`[^\x{0}-\x{10FFFF}]`;
  if (set.length === 2 && first === last) return re2Point(first);
  return `[${ranges(set, re2Point)}]`;
}

function re2Point(point: number): string {
  return isPlain(point) ? String.fromCodePoint(point) : String.raw`\x{${point.toString(16)}}`;
}

const surrogates: CodePoints = [0xd800, 0xdfff];
const aboveUnits: CodePoints = [0x1_0000, 0x10_ffff];
const notBasic: CodePoints = [...surrogates, ...aboveUnits];

/** Code units of the basic plane as a class, and the pairs of the others by their leading unit. */
function javaScriptSet(set: CodePoints): string {
  const basic = intersection(set, complement(notBasic));
  const alternatives = [...(basic.length === 0 ? [] : [unitClass(basic)]), ...pairs(intersection(set, aboveUnits))];
  if (alternatives.length === 0) return '[]';
  return alternatives.length === 1 ? (alternatives[0] ?? '') : `(?:${alternatives.join('|')})`;
}

/**
 * A run of a set that holds every pair may take their units singly: whatever follows cannot begin in the middle of a pair but for
 * another such run.
 */
function javaScriptRun(set: CodePoints): string {
  if (intersection(set, aboveUnits).length !== 2 || !set.includes(0x10_ffff)) return `(?:${javaScriptSet(set)})`;
  const first = intersection(set, aboveUnits)[0] ?? 0;
  if (first !== 0x1_0000) return `(?:${javaScriptSet(set)})`;
  return unitClass([...intersection(set, [0, 0xd7ff]), ...surrogates, ...intersection(set, [0xe000, 0xffff])]);
}

function unitClass(set: CodePoints): string {
  const [first, last] = set;
  return set.length === 2 && first === last ? unit(first ?? 0) : `[${ranges(set, unit)}]`;
}

/** Pairs by ranges of their leading unit that allow the same trailing units. */
function pairs(set: CodePoints): string[] {
  const parts: string[] = [];
  for (let at = 0; at < set.length; at += 2) {
    let from = set[at] ?? 0;
    const to = set[at + 1] ?? 0;
    while (from <= to) {
      const isWholeRow = (from & 0x3ff) === 0 && to - from >= 0x3ff;
      const end = isWholeRow ? to - ((to + 1) & 0x3ff) : Math.min(to, from | 0x3ff);
      parts.push(`${unitClass([lead(from), lead(end)])}${unitClass([trail(from), isWholeRow ? 0xdfff : trail(end)])}`);
      from = end + 1;
    }
  }
  return parts;
}

function lead(point: number): number {
  return 0xd800 + ((point - 0x1_0000) >> 10);
}

function trail(point: number): number {
  return 0xdc00 + (point & 0x3ff);
}

function unit(code: number): string {
  return isPlain(code) ? String.fromCharCode(code) : String.raw`\u${code.toString(16).padStart(4, '0')}`;
}

function isPlain(point: number): boolean {
  return (point >= 0x30 && point <= 0x39) || (point >= 0x41 && point <= 0x5a) || (point >= 0x61 && point <= 0x7a);
}

function ranges(set: CodePoints, spell: (point: number) => string): string {
  let text = '';
  for (let at = 0; at < set.length; at += 2) {
    const [first, last] = [set[at] ?? 0, set[at + 1] ?? 0];
    text += first === last ? spell(first) : `${spell(first)}-${spell(last)}`;
  }
  return text;
}
