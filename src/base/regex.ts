import { RE2JS, RE2JSException } from 're2js';

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

/** A pattern from outside, ready to run in time linear in the text. */
export interface ForeignPattern {
  test(text: string): boolean;
  /** The same as one RE2 pattern without flags, for a store's own RE2: matches anywhere. */
  readonly re2: string;
}

/** Why RE2 refuses a pattern. */
export interface PatternFault {
  readonly fault: string;
}

/** The one door for patterns from outside: RE2 syntax and meaning. */
export function compileForeignPattern(pattern: string, flags: PatternFlags = {}): ForeignPattern | PatternFault {
  const letters = `${flags.ignoreCase === true ? 'i' : ''}${flags.isMultiline === true ? 'm' : ''}${flags.isDotAll === true ? 's' : ''}`;
  try {
    RE2JS.compile(pattern);
    const body = letters === '' ? `(?:${pattern})` : `(?${letters}:${pattern})`;
    const re2 = flags.isWhole === true ? String.raw`\A${body}\z` : body;
    const compiled = RE2JS.compile(re2);
    return { test: (text) => compiled.test(text), re2 };
  } catch (error) {
    if (error instanceof RE2JSException) return { fault: error.message };
    throw error;
  }
}
