import type { CodePoints } from './code-points.ts';

/** A pattern as a tree without flags: case is expanded into the sets, greed makes no difference to whether it matches. */
export type Pattern =
  | { readonly kind: 'set'; readonly set: CodePoints }
  | { readonly kind: 'assertion'; readonly of: Assertion }
  | { readonly kind: 'sequence'; readonly of: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly of: readonly Pattern[] }
  /** `max` is infinite for none. */
  | { readonly kind: 'repeat'; readonly of: Pattern; readonly min: number; readonly max: number };

export type Assertion = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word-edge' | 'no-word-edge';

/** Why RE2 refuses a pattern, and at which character, counted from 0. */
export class PatternSyntaxError extends Error {
  override readonly name = 'PatternSyntaxError';
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}
