import { RE2JS } from 're2js';
import { VakthundError, messageOf } from './errors.ts';

/** A compiled foreign pattern. Time is linear in the text. */
export interface SafePattern {
  test(text: string): boolean;
}

const maxPatternLength = 10_000;

/**
 * The one door for regular expressions that come from a rule, a list, a setting or a user: RE2 syntax and semantics,
 * so no pattern can hang the process. Throws `CONFIG` when it is too long or is not RE2.
 */
export function compileForeignPattern(pattern: string, options: { readonly ignoreCase?: boolean } = {}): SafePattern {
  if (pattern.length > maxPatternLength) {
    throw new VakthundError('CONFIG', `a pattern of ${pattern.length} characters is too long`);
  }
  try {
    const compiled = RE2JS.compile(pattern, options.ignoreCase === true ? RE2JS.CASE_INSENSITIVE : 0);
    return { test: (text) => compiled.matcher(text).find() };
  } catch (error) {
    throw new VakthundError('CONFIG', `the pattern is not valid RE2: ${messageOf(error)}`, { cause: error });
  }
}
