import { RE2JS } from 're2js';
import { longestSafeText, trimSearch } from './regex/effort.ts';
import { parsePattern } from './regex/parse.ts';
import { requiredTexts } from './regex/required.ts';
import { PatternSyntaxError, type Pattern } from './regex/syntax.ts';
import { writeJavaScript, writeRe2 } from './regex/write.ts';

/** Flags of a foreign pattern; all off when left out. */
export interface PatternFlags {
  /** Simple Unicode case folding, as RE2's `i`. */
  readonly ignoreCase?: boolean;
  /** `^` and `$` also match at line ends. */
  readonly isMultiline?: boolean;
  /** `.` also matches a line feed. */
  readonly isDotAll?: boolean;
  /** The pattern must match the whole text, else anywhere in it. */
  readonly isWhole?: boolean;
}

/** A pattern from outside, ready to run in bounded time. */
export interface ForeignPattern {
  /** The text must be well-formed UTF-16. */
  test(text: string): boolean;
  /** The same as one RE2 pattern without flags, to search with: for a store's own RE2. */
  readonly re2: string;
}

/** Why RE2 refuses a pattern, and at which of its UTF-16 units. */
export interface PatternFault {
  readonly fault: string;
  readonly at: number;
}

/**
 * The one door for patterns from outside: RE2's syntax and meaning, no back-references and no look-around. JavaScript's own
 * engine runs a pattern on texts so short that backtracking is bounded, re2js in linear time on all others. Case and
 * Unicode classes are written out, so that both, and a store's RE2, agree whatever their Unicode version.
 */
export function compileForeignPattern(pattern: string, flags: PatternFlags = {}): ForeignPattern | PatternFault {
  const { ignoreCase = false, isMultiline = false, isDotAll = false, isWhole = false } = flags;
  try {
    const parsed = parsePattern(pattern.toWellFormed(), { ignoreCase, isMultiline, isDotAll });
    return isWhole ? engines(whole(parsed)) : engines(trimSearch(parsed));
  } catch (error) {
    if (error instanceof PatternSyntaxError) return { fault: error.message, at: error.at };
    throw error;
  }
}

function whole(pattern: Pattern): Pattern {
  const [start, end]: Pattern[] = [
    { kind: 'assertion', of: 'text-start' },
    { kind: 'assertion', of: 'text-end' },
  ];
  return { kind: 'sequence', of: [start, pattern, end] as Pattern[] };
}

function engines(pattern: Pattern): ForeignPattern {
  const re2 = writeRe2(pattern);
  const longest = longestSafeText(pattern);
  const quick = longest > 0 ? new RegExp(writeJavaScript(pattern)) : undefined;
  let linear: RE2JS | undefined;
  return {
    re2,
    test: (text) => {
      if (quick !== undefined && text.length <= longest) return quick.test(text);
      linear ??= RE2JS.compile(re2);
      return linear.test(text);
    },
  };
}

/**
 * Texts of which one stands in every text that the pattern matches, as `requiredTexts` finds them; undefined when there are none, and for
 * a pattern that RE2 refuses.
 */
export function textsRequiredBy(
  pattern: string,
  { ignoreCase = false, isMultiline = false, isDotAll = false }: PatternFlags,
  fold: (letter: string) => string,
): readonly string[] | undefined {
  try {
    return requiredTexts(parsePattern(pattern.toWellFormed(), { ignoreCase, isMultiline, isDotAll }), fold);
  } catch (error) {
    if (error instanceof PatternSyntaxError) return undefined;
    throw error;
  }
}

/** A part of what is put in place of a match: text, or what a group of the pattern caught (0: the whole match). */
export type ReplacementPart = string | number;

/** A pattern from outside that rewrites texts, for values of rules: slower than a test, and as bounded. */
export interface ForeignReplacer {
  /** Names of the pattern's groups with their numbers, and how many groups there are. */
  readonly groups: ReadonlyMap<string, number>;
  readonly groupCount: number;
  /** The text with every match replaced. */
  replace(text: string, replacement: readonly ReplacementPart[]): string;
}

/** The same syntax as `compileForeignPattern`, without flags. */
export function compileForeignReplacer(pattern: string): ForeignReplacer | PatternFault {
  const source = pattern.toWellFormed();
  try {
    parsePattern(source, { ignoreCase: false, isMultiline: false, isDotAll: false });
  } catch (error) {
    if (error instanceof PatternSyntaxError) return { fault: error.message, at: error.at };
    throw error;
  }
  const compiled = RE2JS.compile(source);
  return {
    groups: new Map(Object.entries(compiled.namedGroups())),
    groupCount: compiled.groupCount(),
    replace: (text, replacement) => {
      const matcher = compiled.matcher(text);
      let [replaced, from] = ['', 0];
      while (matcher.find()) {
        const parts = replacement.map((part) => (typeof part === 'string' ? part : (matcher.group(part) ?? '')));
        replaced += text.slice(from, matcher.start()) + parts.join('');
        from = matcher.end();
      }
      return replaced + text.slice(from);
    },
  };
}
