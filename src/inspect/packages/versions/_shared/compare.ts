/** Order of UTF-16 units, as all who say "as strings" mean it. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Order of numbers written in ASCII digits, of any length; the empty text is 0. */
export function compareNumbers(left: string, right: string): number {
  const [a, b] = [withoutZeros(left), withoutZeros(right)];
  return a.length === b.length ? compareTexts(a, b) : a.length - b.length;
}

function withoutZeros(digits: string): string {
  let start = 0;
  while (digits.charCodeAt(start) === 48) start++;
  return start === 0 ? digits : digits.slice(start);
}

/** Element by element; where one list has ended, the other is held against `absent`. */
export function compareLists<Item>(
  left: readonly Item[],
  right: readonly Item[],
  absent: Item,
  compare: (left: Item, right: Item) => number,
): number {
  const length = Math.max(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const order = compare(left[index] ?? absent, right[index] ?? absent);
    if (order !== 0) return order;
  }
  return 0;
}

export function isDigits(text: string): boolean {
  return /^[0-9]+$/.test(text);
}
