import { defineVersionOrder } from '../../version-order.ts';
import { compareLists, compareNumbers, compareTexts, isDigits } from '../_shared/compare.ts';

export const order = defineVersionOrder({
  id: 'pep440',
  title: 'Python packages (PEP 440)',
  description:
    'Epoch, release, then development, pre- and post-releases and a local label. What is no version by PEP 440 comes before all that are, in the order that setuptools once had.',
  references: ['https://packaging.python.org/en/latest/specifications/version-specifiers/'],
  ecosystems: ['PyPI'],
  isValid: (version) => pattern.test(version),
  compare(left, right) {
    const [a, b] = [parse(left), parse(right)];
    if (a !== undefined && b !== undefined) return compareParsed(a, b);
    if (a !== undefined || b !== undefined) return a === undefined ? -1 : 1;
    return compareLists(legacyParts(left), legacyParts(right), '', compareTexts);
  },
});

const pattern =
  /^\s*v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)(?:[-_.]?(?<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<preNumber>\d*))?(?:-(?<postOnly>\d+)|[-_.]?(?<post>post|rev|r)[-_.]?(?<postNumber>\d*))?(?:[-_.]?(?<dev>dev)[-_.]?(?<devNumber>\d*))?(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*$/i;

interface Parsed {
  readonly epoch: string;
  readonly release: readonly string[];
  /** Rank of `a`, `b`, `rc`; -1 for a development release of the version itself, 3 for none. */
  readonly preRank: number;
  readonly preNumber: string;
  /** Undefined without: below every number. */
  readonly post: string | undefined;
  /** Undefined without: above every number. */
  readonly dev: string | undefined;
  readonly local: readonly string[];
}

function parse(version: string): Parsed | undefined {
  const groups = pattern.exec(version)?.groups;
  if (groups === undefined) return undefined;
  const { epoch, release = '', pre, preNumber, postOnly, post, postNumber, dev, devNumber, local } = groups;
  const postText = postOnly ?? (post === undefined ? undefined : (postNumber ?? ''));
  return {
    epoch: epoch ?? '0',
    release: release.split('.'),
    preRank: preRank(pre, postText === undefined && dev !== undefined),
    preNumber: preNumber ?? '',
    post: postText,
    dev: dev === undefined ? undefined : (devNumber ?? ''),
    local: local?.toLowerCase().split(/[-_.]/) ?? [],
  };
}

function preRank(word: string | undefined, isDevelopmentOnly: boolean): number {
  if (word === undefined) return isDevelopmentOnly ? -1 : 3;
  const first = word.toLowerCase().charAt(0);
  return Math.max(0, ['a', 'b'].indexOf(first)) + (first === 'a' || first === 'b' ? 0 : 2);
}

function compareParsed(left: Parsed, right: Parsed): number {
  return (
    compareNumbers(left.epoch, right.epoch) ||
    compareLists(left.release, right.release, '0', compareNumbers) ||
    left.preRank - right.preRank ||
    compareNumbers(left.preNumber, right.preNumber) ||
    compareOptional(left.post, right.post, -1) ||
    compareOptional(left.dev, right.dev, 1) ||
    compareLists<string | undefined>(left.local, right.local, undefined, compareLocal)
  );
}

/** `absent`: where a missing number stands, -1 below and 1 above all. */
function compareOptional(left: string | undefined, right: string | undefined, absent: -1 | 1): number {
  if (left !== undefined && right !== undefined) return compareNumbers(left, right);
  if (left === right) return 0;
  return left === undefined ? absent : -absent;
}

/** Numbers above words, both above the end. */
function compareLocal(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
  const [leftIsNumber, rightIsNumber] = [isDigits(left), isDigits(right)];
  if (leftIsNumber !== rightIsNumber) return leftIsNumber ? 1 : -1;
  return leftIsNumber ? compareNumbers(left, right) : compareTexts(left, right);
}

const legacyWords: Readonly<Record<string, string>> = { pre: 'c', preview: 'c', '-': 'final-', rc: 'c', dev: '@' };

/** The key of setuptools before PEP 440: numbers padded, words with `*` before them, zeros before a word dropped. */
function legacyParts(version: string): string[] {
  const parts: string[] = [];
  const dropEnding = (text: RegExp): void => {
    while (text.test(parts.at(-1) ?? '')) parts.pop();
  };
  for (const part of version.toLowerCase().match(/\d+|[a-z]+|-|[^\da-z.-]+/g) ?? []) {
    const text = legacyWords[part] ?? part;
    if (isDigits(text)) {
      parts.push(text.padStart(8, '0'));
      continue;
    }
    if (text < 'final') dropEnding(/^\*final-$/);
    dropEnding(/^0+$/);
    parts.push(`*${text}`);
  }
  dropEnding(/^0+$/);
  return [...parts, '*final'];
}
