/**
 * What a rule asks of one event, as plain immutable data: Falco conditions, Sigma detections and our own rules become
 * this tree, and two executions that agree run it (`stream/` in JavaScript, `sql/` in a store).
 *
 * Two values only. Every test is true or false; `not` is plain negation. A test on an absent field is false, so where a
 * language wants another meaning (`!=` in Falco, `null` in Sigma) its front-end says so with `exists`.
 *
 * Absent: null, not there, NaN, an empty list, a list of nulls. The empty text is present.
 *
 * Lists: a subject may give several values. Each is tested alone, nulls left out; `any` (the default) wants one that
 * passes, `every` wants all to pass. For one value the two are the same.
 *
 * Text: a text test sees a number in decimal (`4688`, `0.5`; a whole number without point), a boolean as `true` or
 * `false`, bytes as UTF-8. Texts are Unicode code points; bytes that are no UTF-8 and lone surrogates are U+FFFD, in
 * values as in patterns, which is what a store keeps of them.
 *
 * Case: with `ignoreCase` both sides go through `foldCase` (`fold.ts`): one code point to one, as DuckDB's `lower`.
 *
 * Numbers: a number test takes text that is wholly `[+-]?digits[.digits][e[+-]digits]`; other text fails it. Whole
 * numbers of up to 38 digits compare exactly, all else as 64-bit floating point.
 */
export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'never' }
  /** True when all (any) of them are; of none: true (false). */
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  /** True when exactly one of them is (Falco `oneof`). */
  | { readonly kind: 'one'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | FieldTest;

export type FieldTest =
  | ExistsTest
  | TextTest
  | GlobTest
  | RegexTest
  | PathTest
  | NumberTest
  | NetworkTest
  | BytesTest
  | FieldsTest;

/** A field by the name of the rule's own language; `argument` is what stands in brackets: `proc.aname[2]`. */
export interface FieldReference {
  readonly name: string;
  readonly argument?: string;
}

/** What a test looks at: a field, a constant, a transformation of those, or the values of all fields (Sigma keywords). */
export type Subject =
  | { readonly kind: 'field'; readonly field: FieldReference }
  | { readonly kind: 'literal'; readonly value: string | number | bigint }
  | { readonly kind: 'all-fields' }
  | { readonly kind: 'transform'; readonly transform: Transform; readonly of: readonly Subject[] };

/**
 * Falco's transformers. An absent argument gives an absent result.
 * - `lower`, `upper`: ASCII letters only, each value of a list.
 * - `base64`: decoded text (standard alphabet, padding optional); absent when it is none or no UTF-8.
 * - `basename`: what follows the last `/`; all of it without one.
 * - `length`: bytes of the text in UTF-8; of a list the number of its values.
 * - `list`: the values of all arguments one after another. `concat`: their texts joined. `join`: the first argument
 *   (one text) between the values of the others.
 * - `getopt`: (list of arguments, option string as in getopt(3)): option letters and their values, `?` for a letter that
 *   is none. With a third argument: the last value of that option.
 */
export type Transform = 'lower' | 'upper' | 'base64' | 'basename' | 'length' | 'list' | 'concat' | 'join' | 'getopt';

interface Test {
  readonly subject: Subject;
  /** Over the values of a list; `any` when left out. */
  readonly quantor?: 'any' | 'every';
}

/** The subject has a value, the empty text included. */
export interface ExistsTest extends Test {
  readonly kind: 'exists';
}

/**
 * Text against literals: true when it equals, contains, starts or ends with one of `values` (so a set of many values is
 * one node: Falco `in` and `intersects`, Sigma value lists). `''` is contained in every present value.
 */
export interface TextTest extends Test {
  readonly kind: 'text';
  readonly operator: 'equals' | 'contains' | 'startsWith' | 'endsWith';
  readonly values: readonly string[];
  readonly ignoreCase: boolean;
}

/**
 * The whole text against a wildcard pattern. Front-ends resolve their own escapes: a string part is literal, `one` is
 * one code point (`?`), `many` any number of them, none included (`*`; line ends and `/` too), a class is fnmatch's `[a-z]`.
 */
export interface GlobTest extends Test {
  readonly kind: 'glob';
  /** True when one of them matches. */
  readonly patterns: readonly Glob[];
  readonly ignoreCase: boolean;
}
export type Glob = readonly GlobPart[];
export type GlobPart =
  | string
  | { readonly kind: 'one' }
  | { readonly kind: 'many' }
  | {
      readonly kind: 'class';
      readonly isNegated: boolean;
      readonly ranges: readonly (readonly [first: string, last: string])[];
    };

/**
 * RE2 syntax and meaning (`base/regex.ts`; `patternFault` tells early what it refuses). `isWhole`: the pattern must
 * match the whole text (Falco), else anywhere in it. `ignoreCase` here is RE2's own folding.
 */
export interface RegexTest extends Test {
  readonly kind: 'regex';
  readonly pattern: string;
  readonly isWhole: boolean;
  readonly ignoreCase: boolean;
  /** `^` and `$` also at line ends (flag m). */
  readonly isMultiline: boolean;
  /** `.` also matches a line feed (flag s). */
  readonly isDotAll: boolean;
}

/** Falco `pmatch`: a path's leading components, empty ones left out on both sides, match those of one of `prefixes`. */
export interface PathTest extends Test {
  readonly kind: 'path';
  /** Components of each prefix; `many` and `one` stay within a component. No components: every path. */
  readonly prefixes: readonly (readonly Glob[])[];
}

/** Order of numbers, or membership: `=` is true for one of `values`, the others take exactly one value. */
export interface NumberTest extends Test {
  readonly kind: 'number';
  readonly operator: '=' | '<' | '<=' | '>' | '>=';
  readonly values: readonly (number | bigint)[];
}

/**
 * An address (text or `ip` column) lies in one of the ranges; a single address is a range of one. Text that is no
 * address fails. An IPv4 address, also written as `::ffff:a.b.c.d`, lies only in IPv4 networks.
 */
export interface NetworkTest extends Test {
  readonly kind: 'network';
  readonly ranges: readonly { readonly first: bigint; readonly last: bigint }[];
}

/** Bytes at the start or anywhere (Falco `bstartswith`, `bcontains`). A text subject is taken as UTF-8. */
export interface BytesTest extends Test {
  readonly kind: 'bytes';
  readonly operator: 'contains' | 'startsWith';
  readonly value: Uint8Array;
}

/**
 * One subject against another (Falco `val()`, Sigma `fieldref`). `<` and its like compare by `as`: numbers, or texts by
 * code points; `equals` `as: 'number'` by value. False when either side is absent. Several values on the right: one that fits is enough.
 */
export interface FieldsTest extends Test {
  readonly kind: 'fields';
  readonly operator: 'equals' | 'contains' | 'startsWith' | 'endsWith' | '<' | '<=' | '>' | '>=';
  readonly right: Subject;
  readonly as: 'text' | 'number';
  readonly ignoreCase: boolean;
}

export const always: Condition = { kind: 'always' };
export const never: Condition = { kind: 'never' };

/** Conjunction, flattened; `always` members vanish, one `never` decides. */
export function allOf(of: readonly Condition[]): Condition {
  return join('all', of, 'always', 'never');
}

/** Disjunction, flattened; `never` members vanish, one `always` decides. */
export function anyOf(of: readonly Condition[]): Condition {
  return join('any', of, 'never', 'always');
}

export function not(of: Condition): Condition {
  if (of.kind === 'not') return of.of;
  if (of.kind === 'always') return never;
  return of.kind === 'never' ? always : { kind: 'not', of };
}

export function fieldSubject(name: string, argument?: string): Subject {
  return { kind: 'field', field: argument === undefined ? { name } : { name, argument } };
}

function join(
  kind: 'all' | 'any',
  of: readonly Condition[],
  neutral: 'always' | 'never',
  deciding: 'always' | 'never',
): Condition {
  const members: Condition[] = [];
  for (const member of of) {
    if (member.kind === deciding) return member;
    if (member.kind === neutral) continue;
    if (member.kind === kind) for (const inner of member.of) members.push(inner);
    else members.push(member);
  }
  const [first] = members;
  if (first === undefined) return { kind: neutral };
  return members.length === 1 ? first : { kind, of: members };
}
