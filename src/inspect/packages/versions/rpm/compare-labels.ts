import { compareNumbers, compareTexts, isDigits } from '../_shared/compare.ts';

/** One version or one release: the order of rpmvercmp. */
export function compareRpmLabels(left: string, right: string): number {
  const pattern = /[0-9]+|[A-Za-z]+|[~^]/g;
  const [a, b] = [left.match(pattern) ?? [], right.match(pattern) ?? []];
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [one, two] = [a[index] ?? '', b[index] ?? ''];
    const order = rank(one) - rank(two) || (isDigits(one) ? compareNumbers(one, two) : compareTexts(one, two));
    if (order !== 0) return order;
  }
  return 0;
}

function rank(segment: string): number {
  if (segment === '~') return 0;
  if (segment === '') return 1;
  if (segment === '^') return 2;
  return isDigits(segment) ? 4 : 3;
}
