import { defineVersionOrder } from '../../version-order.ts';
import { compareLists, compareNumbers, isDigits } from '../_shared/compare.ts';

export const order = defineVersionOrder({
  id: 'packagist',
  title: 'Composer packages',
  description:
    "The order of PHP's version_compare: unknown words, `dev`, `alpha`, `beta`, `RC`, the end, numbers, `pl` (words by how they begin, so `patch` is one); case does not count. A lone `#`, which no version has, is equal to every number, as in PHP: only with it the order is not transitive.",
  references: ['https://www.php.net/manual/en/function.version-compare.php'],
  ecosystems: ['Packagist'],
  isValid: (version) => /^v?\d[a-z0-9.+_-]*$/i.test(version),
  compare: (left, right) => compareLists(parts(left), parts(right), '', compareParts),
});

/** PHP looks how a word begins, in this order: `patch` is a `p`. */
const words: readonly (readonly [string, number])[] = [
  ['dev', 0],
  ['a', 1],
  ['b', 2],
  ['rc', 3],
  ['c', 3],
  ['p', 6],
];
const anyNumber = '#';
const endRank = 4;
const numberRank = 5;

function parts(version: string): readonly string[] {
  return (
    version
      .toLowerCase()
      .replace(/^v/, '')
      .match(/[0-9]+|[a-z]+|[^0-9a-z._+-]+/g) ?? []
  );
}

function compareParts(left: string, right: string): number {
  if (left === anyNumber || right === anyNumber) return compareAnyNumber(left, right);
  const order = rank(left) - rank(right);
  return order === 0 && isDigits(left) ? compareNumbers(left, right) : order;
}

/** PHP holds `#` for equal to every number and to the end, which no valid version needs. */
function compareAnyNumber(left: string, right: string): number {
  const place = (part: string): number => {
    const own = part === anyNumber ? endRank : rank(part);
    return own === numberRank ? endRank : own;
  };
  return place(left) - place(right);
}

function rank(part: string): number {
  if (part === '') return endRank;
  return isDigits(part) ? numberRank : (words.find(([word]) => part.startsWith(word))?.[1] ?? -1);
}
