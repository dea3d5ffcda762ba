import { defineVersionOrder } from '../../version-order.ts';
import { compareLists, compareNumbers, compareTexts } from '../_shared/compare.ts';

export const order = defineVersionOrder({
  id: 'apk',
  title: 'Alpine packages',
  description:
    'Dotted numbers (one with a leading zero is compared as text, but for the first), a letter, suffixes like `_rc1` that come before the release or `_p1` that come after, and a revision `-r2`. What cannot be understood ends the version and comes before what can.',
  references: [
    'https://wiki.alpinelinux.org/wiki/Package_policies#Package_Naming_and_Versioning',
    'https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk-package.5.scd',
  ],
  ecosystems: ['Alpine', 'Wolfi', 'Chainguard', 'MinimOS', 'Alpaquita', 'BellSoft Hardened Containers'],
  isValid: (version) => tokens(version).at(-1)?.kind !== kinds.invalid,
  compare: (left, right) => compareLists(tokens(left), tokens(right), end, compareTokens),
});

/** Kinds in their order, where two versions differ in what comes next. */
const kinds = {
  beforeRelease: 0,
  invalid: 1,
  empty: 2,
  end: 3,
  revision: 4,
  commit: 5,
  suffixNumber: 6,
  afterRelease: 7,
  letter: 8,
  number: 9,
  firstNumber: 10,
} as const;
type Kind = (typeof kinds)[keyof typeof kinds];

interface Token {
  readonly kind: Kind;
  readonly text: string;
}

const end: Token = { kind: kinds.end, text: '' };
const suffixes = ['alpha', 'beta', 'pre', 'rc', 'cvs', 'svn', 'git', 'hg', 'p'];
const firstAfterRelease = suffixes.indexOf('cvs');

/** One token each; what fits none is invalid and ends the version. */
const patterns: readonly (readonly [Kind, RegExp, ReadonlySet<Kind>])[] = [
  [kinds.number, /\.([0-9]+)/y, new Set([kinds.firstNumber, kinds.number, kinds.empty])],
  [kinds.empty, /\.()/y, new Set([kinds.firstNumber, kinds.number, kinds.empty])],
  [kinds.letter, /([a-z])/y, new Set([kinds.firstNumber, kinds.number, kinds.empty])],
  [kinds.number, /([0-9]+)/y, new Set([kinds.letter])],
  [kinds.suffixNumber, /([0-9]+)/y, new Set([kinds.beforeRelease, kinds.afterRelease])],
  [
    kinds.afterRelease,
    /_([a-z]+)/y,
    new Set([
      kinds.firstNumber,
      kinds.number,
      kinds.empty,
      kinds.letter,
      kinds.beforeRelease,
      kinds.afterRelease,
      kinds.suffixNumber,
    ]),
  ],
  [
    kinds.commit,
    /~([0-9a-f]+)/y,
    new Set([
      kinds.firstNumber,
      kinds.number,
      kinds.letter,
      kinds.beforeRelease,
      kinds.afterRelease,
      kinds.suffixNumber,
    ]),
  ],
  [kinds.revision, /-r([0-9]+|(?![a-z]))/y, new Set(Object.values(kinds).filter((kind) => kind !== kinds.revision))],
];

function tokens(version: string): Token[] {
  const first = /^[0-9]*/.exec(version)?.[0] ?? '';
  const found: Token[] = [{ kind: kinds.firstNumber, text: first }];
  let last: Kind = kinds.firstNumber;
  for (let at = first.length; at < version.length;) {
    const next = tokenAt(version, at, last);
    if (next === undefined) return [...found, { kind: kinds.invalid, text: '' }];
    found.push(next.token);
    at = next.end;
    last = next.token.kind;
  }
  return found;
}

function tokenAt(version: string, at: number, last: Kind): { readonly token: Token; readonly end: number } | undefined {
  for (const [kind, pattern, after] of patterns) {
    if (!after.has(last)) continue;
    pattern.lastIndex = at;
    const text = pattern.exec(version)?.[1];
    if (text === undefined) continue;
    const token = kind === kinds.afterRelease ? suffixToken(text) : { kind, text };
    return token === undefined ? undefined : { token, end: pattern.lastIndex };
  }
  return undefined;
}

/** The place in the list of suffixes is what they are compared by. */
function suffixToken(name: string): Token | undefined {
  const place = suffixes.indexOf(name);
  if (place < 0) return undefined;
  return { kind: place < firstAfterRelease ? kinds.beforeRelease : kinds.afterRelease, text: String(place) };
}

function compareTokens(left: Token, right: Token): number {
  if (left.kind !== right.kind) return left.kind - right.kind;
  const isFraction = left.kind === kinds.number && (left.text.startsWith('0') || right.text.startsWith('0'));
  if (isFraction || left.kind === kinds.letter) return compareTexts(left.text, right.text);
  // Hashes of commits have no order.
  return left.kind === kinds.commit ? 0 : compareNumbers(left.text, right.text);
}
