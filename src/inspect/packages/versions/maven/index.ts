import { defineVersionOrder } from '../../version-order.ts';
import { compareLists, compareNumbers, compareTexts, isDigits } from '../_shared/compare.ts';

export const order = defineVersionOrder({
  id: 'maven',
  title: 'Maven',
  description:
    'Numbers and words parted by `.`, `-` or the change between digits and letters. Known words of pre-releases come before the release, `sp` and all other words after it, then `-number`, then `.number`; zeros and words for "release" at the end of a part do not count.',
  references: ['https://maven.apache.org/pom.html#Version_Order_Specification'],
  ecosystems: ['Maven'],
  isValid: (version) => version !== '',
  compare: (left, right) => compareLists(tokens(left), tokens(right), absent, compareTokens),
});

interface Token {
  /** `-` also stands for the change between digits and letters, and begins a part. */
  readonly separator: '.' | '-';
  readonly text: string;
}

const absent: Token = { separator: '-', text: '' };
const beforeRelease = ['alpha', 'beta', 'milestone', 'rc', 'snapshot'];
const releases = new Set(['ga', 'final', 'release']);
const shortWords: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', m: 'milestone' };

function tokens(version: string): Token[] {
  const kept: Token[] = [];
  let separator: Token['separator'] = '.';
  const trim = (): void => {
    while (kept.length > 0 && isNull(kept.at(-1)?.text ?? '')) kept.pop();
  };
  const add = (text: string, isBeforeDigit: boolean): void => {
    const word = wordOf(text, isBeforeDigit);
    // What is null before a new part, or before a word, is as if it were not there.
    if (separator === '-' || !isDigits(word)) trim();
    kept.push({ separator, text: word });
  };
  const pattern = /(?<digits>[0-9]+)|(?<word>[^0-9.-]+)|(?<separator>[.-])/g;
  let hasText = false;
  for (const { 0: text, index, groups } of version.toLowerCase().matchAll(pattern)) {
    if (groups?.['separator'] === undefined) {
      if (hasText) separator = '-';
      const next = version.charCodeAt(index + text.length);
      add(text, next >= 0x30 && next <= 0x39);
      hasText = true;
      continue;
    }
    if (!hasText) add('0', false);
    separator = text === '.' ? '.' : '-';
    hasText = false;
  }
  trim();
  return kept;
}

function wordOf(text: string, isBeforeDigit: boolean): string {
  if (releases.has(text)) return '';
  if (text === 'cr') return 'rc';
  return (isBeforeDigit ? shortWords[text] : undefined) ?? text;
}

function isNull(text: string): boolean {
  return /^0*$/.test(text);
}

function compareTokens(left: Token, right: Token): number {
  const order = rank(left) - rank(right);
  if (order !== 0) return order;
  return isDigits(left.text) ? compareNumbers(left.text, right.text) : compareTexts(left.text, right.text);
}

function rank(token: Token): number {
  const { separator, text } = token;
  if (token === absent) return 0;
  if (isDigits(text)) return separator === '.' ? 5 : 4;
  const place = beforeRelease.indexOf(text);
  if (place >= 0) return place - beforeRelease.length;
  if (text === '') return 1;
  return text === 'sp' ? 2 : 3;
}
