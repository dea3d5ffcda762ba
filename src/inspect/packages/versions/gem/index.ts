import { defineVersionOrder } from '../../version-order.ts';
import { compareLists, compareNumbers, compareTexts, isDigits } from '../_shared/compare.ts';

export const order = defineVersionOrder({
  id: 'gem',
  title: 'RubyGems',
  description:
    'Runs of digits and runs of letters; letters make a pre-release and come before any number, the missing one too. Zeros before a run of letters and at the end do not count.',
  references: ['https://docs.ruby-lang.org/en/master/Gem/Version.html'],
  ecosystems: ['RubyGems', 'CocoaPods'],
  isValid: (version) => /^\s*(?:[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?\s*$/.test(version),
  compare: (left, right) => compareLists(segments(left), segments(right), '0', compareSegments),
});

function segments(version: string): readonly string[] {
  const all = version.replaceAll('-', '.pre.').match(/[0-9]+|[A-Za-z]+/g) ?? [];
  const firstWord = all.findIndex((segment) => !isDigits(segment));
  if (firstWord < 0) return withoutEndingZeros(all);
  return [...withoutEndingZeros(all.slice(0, firstWord)), ...withoutEndingZeros(all.slice(firstWord))];
}

function withoutEndingZeros(segments: readonly string[]): readonly string[] {
  return segments.slice(0, segments.findLastIndex((segment) => !/^0+$/.test(segment)) + 1);
}

function compareSegments(left: string, right: string): number {
  const [leftIsNumber, rightIsNumber] = [isDigits(left), isDigits(right)];
  if (leftIsNumber !== rightIsNumber) return leftIsNumber ? 1 : -1;
  return leftIsNumber ? compareNumbers(left, right) : compareTexts(left, right);
}
