import { complement, everything, type CodePoints } from './code-points.ts';
import { takeClass, takeEscape, takeNamedSet } from './classes.ts';
import { Scanner } from './scanner.ts';
import type { Assertion, Pattern } from './syntax.ts';
import { withCaseVariants } from './unicode.ts';

/** Flags that a pattern starts with. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly isMultiline: boolean;
  readonly isDotAll: boolean;
}

/** RE2's own bounds on counted repeats, and on the depth of groups. */
const maxRepeat = 1000;
const maxDepth = 1000;
/** RE2 bounds its program by memory; this stays well within what DuckDB gives it. */
const maxSize = 40_000;
const maxLength = 50_000;

/** Parses RE2's syntax. Throws PatternSyntaxError for what RE2 refuses. */
export function parsePattern(text: string, flags: Flags): Pattern {
  const parser = new Parser(text);
  if (text.length > maxLength) parser.scanner.fail('pattern too large', 0);
  const pattern = parser.pattern(flags);
  if (sizeOf(pattern) > maxSize) parser.scanner.fail('pattern too large', 0);
  return pattern;
}

class Parser {
  readonly scanner: Scanner;
  readonly #names = new Set<string>();
  #depth = 0;

  constructor(text: string) {
    this.scanner = new Scanner(text);
  }

  pattern(flags: Flags): Pattern {
    const pattern = this.#choice(flags);
    if (!this.scanner.isAtEnd) this.scanner.fail('unexpected )');
    return pattern;
  }

  /** Up to a closing parenthesis or the end. Flags that are set within hold to there, also in later alternatives. */
  #choice(outer: Flags): Pattern {
    const { scanner } = this;
    if (++this.#depth > maxDepth) scanner.fail('nested too deeply');
    const alternatives: Pattern[] = [];
    let members: Pattern[] = [];
    let flags = outer;
    while (!scanner.isAtEnd && !scanner.looksAt(')')) {
      if (scanner.take('|')) {
        alternatives.push(sequence(members));
        members = [];
        continue;
      }
      const changed = this.#flagGroup(flags);
      if (changed !== undefined) {
        flags = changed;
        if (scanner.takeMatch(repeatOperator) !== undefined) scanner.fail('no argument for repetition operator');
        continue;
      }
      members.push(...(this.#quoted(flags) ?? [this.#repeated(flags)]));
    }
    alternatives.push(sequence(members));
    this.#depth--;
    return alternatives.length === 1 ? (alternatives[0] ?? sequence([])) : { kind: 'choice', of: alternatives };
  }

  /** `(?i)`, which sets flags for what follows. */
  #flagGroup(flags: Flags): Flags | undefined {
    const match = this.scanner.takeMatch(/\(\?([imsU]*)(-[imsU]+)?\)/y);
    if (match === undefined) return undefined;
    if (match[1] === '' && match[2] === undefined) this.scanner.fail('missing argument to (?');
    return withFlags(flags, match[1] ?? '', match[2] ?? '');
  }

  /** `\Q…\E`; a repeat after it holds for its last character. */
  #quoted(flags: Flags): Pattern[] | undefined {
    const { scanner } = this;
    if (!scanner.take(String.raw`\Q`)) return undefined;
    const end = scanner.text.indexOf(String.raw`\E`, scanner.at);
    const stop = end < 0 ? scanner.text.length : end;
    const members: Pattern[] = [];
    while (scanner.at < stop) members.push(literal(scanner.next(), flags));
    scanner.take(String.raw`\E`);
    const last = members.pop();
    return last === undefined ? [] : [...members, this.#repeat(last)];
  }

  #repeated(flags: Flags): Pattern {
    const { scanner } = this;
    const start = scanner.at;
    if (scanner.takeMatch(repeatOperator) !== undefined) scanner.fail('no argument for repetition operator', start);
    return this.#repeat(this.#atom(flags));
  }

  #repeat(of: Pattern): Pattern {
    const { scanner } = this;
    const start = scanner.at;
    const match = scanner.takeMatch(repeatOperator);
    if (match === undefined) return of;
    const { min, max } = boundsOf(match);
    if (min > maxRepeat || (max !== Number.POSITIVE_INFINITY && max > maxRepeat) || min > max) {
      scanner.fail('invalid repetition size', start);
    }
    const repeat: Pattern = { kind: 'repeat', of, min, max };
    if (repeatsLeft(repeat, maxRepeat) === 0) scanner.fail('invalid repetition size', start);
    if (scanner.takeMatch(repeatOperator) !== undefined) scanner.fail('bad repetition operator', start);
    return repeat;
  }

  #atom(flags: Flags): Pattern {
    const { scanner } = this;
    if (scanner.looksAt('(')) return this.#group(flags);
    if (scanner.take('[')) return set(takeClass(scanner, flags.ignoreCase));
    if (scanner.take('.')) return set(flags.isDotAll ? everything : complement([10, 10]));
    if (scanner.take('^')) return assertion(flags.isMultiline ? 'line-start' : 'text-start');
    if (scanner.take('$')) return assertion(flags.isMultiline ? 'line-end' : 'text-end');
    if (!scanner.looksAt('\\')) return literal(scanner.next(), flags);
    for (const [escape, of] of assertionEscapes) if (scanner.take(escape)) return assertion(of);
    const named = takeNamedSet(scanner, flags.ignoreCase);
    return named === undefined ? literal(takeEscape(scanner), flags) : set(named);
  }

  #group(flags: Flags): Pattern {
    const { scanner } = this;
    const start = scanner.at;
    const inner = this.#groupFlags(flags);
    const of = this.#choice(inner);
    if (!scanner.take(')')) scanner.fail('missing closing )', start);
    return of;
  }

  /** Takes a group's opening; which group it is makes no difference to whether the pattern matches. */
  #groupFlags(flags: Flags): Flags {
    const { scanner } = this;
    const named = scanner.takeMatch(/\(\?P?<([A-Za-z0-9_]+)>/y);
    if (named !== undefined) {
      const name = named[1] ?? '';
      if (this.#names.has(name)) scanner.fail('duplicate capture group name');
      this.#names.add(name);
      return flags;
    }
    const flagged = scanner.takeMatch(/\(\?([imsU]*)(-[imsU]+)?:/y);
    if (flagged !== undefined) return withFlags(flags, flagged[1] ?? '', flagged[2] ?? '');
    if (scanner.looksAt('(?')) scanner.fail('invalid perl operator: RE2 has no such group');
    scanner.take('(');
    return flags;
  }
}

const repeatOperator = /(?:[*+?]|\{(\d{1,9})(,?)(\d{1,9})?\})\??/y;
const assertionEscapes: readonly (readonly [string, Assertion])[] = [
  [String.raw`\A`, 'text-start'],
  [String.raw`\z`, 'text-end'],
  [String.raw`\b`, 'word-edge'],
  [String.raw`\B`, 'no-word-edge'],
];

function boundsOf(match: RegExpExecArray): { min: number; max: number } {
  const operator = match[0].charAt(0);
  if (operator !== '{') return { min: operator === '+' ? 1 : 0, max: operator === '?' ? 1 : Number.POSITIVE_INFINITY };
  const min = Number(match[1]);
  if (match[3] !== undefined) return { min, max: Number(match[3]) };
  return { min, max: match[2] === ',' ? Number.POSITIVE_INFINITY : min };
}

/** What is left of the bound on nested counts, by RE2's whole division; 0 is too much. */
function repeatsLeft(pattern: Pattern, left: number): number {
  switch (pattern.kind) {
    case 'set':
    case 'assertion':
      return left;
    case 'sequence':
    case 'choice':
      return pattern.of.reduce((least, member) => Math.min(least, repeatsLeft(member, left)), left);
    case 'repeat': {
      const isCounted = pattern.max !== 1 && (pattern.max !== Number.POSITIVE_INFINITY || pattern.min > 1);
      const count = pattern.max === Number.POSITIVE_INFINITY ? pattern.min : pattern.max;
      return repeatsLeft(pattern.of, isCounted && count > 0 ? Math.trunc(left / count) : left);
    }
  }
}

/** Ranges of the pattern with its counted repeats written out. */
function sizeOf(pattern: Pattern): number {
  switch (pattern.kind) {
    case 'set':
      return 1 + pattern.set.length / 2;
    case 'assertion':
      return 1;
    case 'sequence':
    case 'choice':
      return pattern.of.reduce((size, member) => size + sizeOf(member), 1);
    case 'repeat':
      return 1 + sizeOf(pattern.of) * Math.max(1, pattern.max === Number.POSITIVE_INFINITY ? pattern.min : pattern.max);
  }
}

function withFlags(flags: Flags, on: string, off: string): Flags {
  const flag = (letter: string, before: boolean): boolean => !off.includes(letter) && (on.includes(letter) || before);
  return {
    ignoreCase: flag('i', flags.ignoreCase),
    isMultiline: flag('m', flags.isMultiline),
    isDotAll: flag('s', flags.isDotAll),
  };
}

function sequence(of: readonly Pattern[]): Pattern {
  const [only] = of;
  return only !== undefined && of.length === 1 ? only : { kind: 'sequence', of };
}

function set(of: CodePoints): Pattern {
  return { kind: 'set', set: of };
}

function assertion(of: Assertion): Pattern {
  return { kind: 'assertion', of };
}

function literal(point: number, flags: Flags): Pattern {
  const of = [point, point];
  return set(flags.ignoreCase ? withCaseVariants(of) : of);
}
