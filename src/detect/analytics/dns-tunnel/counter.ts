/** Names looked at: a counter shows at once. */
const maxNames = 500;
/** Labels from the right that are looked at. */
const maxDepth = 6;
/** Steps of one or two (a name lost or asked twice) that must be among all steps for a field to be a counter. */
const countingShare = 0.7;
const fewestNames = 8;

/** Where a number stands: in which label, counted from the right, and in which part of it. */
export interface Counter {
  readonly depth: number;
  /** Takes the number out of a label. */
  readonly without: (label: string) => string;
}

interface Part {
  readonly number: (label: string) => string;
  readonly without: (label: string) => string;
}

/** A whole label, or its first or last part at a hyphen; the first may have a letter or a word before it: `x0017-`, `part17-`. */
const parts: readonly Part[] = [
  { number: (label) => label, without: (label) => (label.length <= maxNumberLength ? '' : label) },
  {
    number: (label) => /^[a-z]{0,8}(?<number>[0-9]+)-/.exec(label)?.groups?.['number'] ?? '',
    without: (label) => label.slice(label.indexOf('-') + 1),
  },
  {
    number: (label) => label.slice(0, Math.max(0, label.indexOf('-'))),
    without: (label) => label.slice(label.indexOf('-') + 1),
  },
  {
    number: (label) => label.slice(label.lastIndexOf('-') + 1),
    without: (label) => label.slice(0, Math.max(0, label.lastIndexOf('-'))),
  },
];
/** A longer label than this holds more than a number. */
const maxNumberLength = 9;

/**
 * The number that counts up from name to name, in the order of asking; undefined when none does. A transfer in pieces
 * numbers them; look-ups do not.
 */
export function findCounter(names: readonly (readonly string[])[]): Counter | undefined {
  const looked = names.slice(0, maxNames);
  if (looked.length < fewestNames) return undefined;
  for (let depth = 0; depth < maxDepth; depth++) {
    const labels = looked.map((name) => name[name.length - 1 - depth] ?? '');
    for (const { number, without } of parts) {
      const field = labels.map((label) => number(label));
      if (counts(field, 10) || counts(field, 16)) return { depth, without };
    }
  }
  return undefined;
}

function counts(field: readonly string[], base: 10 | 16): boolean {
  const digits = base === 10 ? /^[0-9]{1,9}$/ : /^[0-9a-f]{1,8}$/;
  let steps = 0;
  let last = Number.NaN;
  for (const text of field) {
    const value = digits.test(text) ? Number.parseInt(text, base) : Number.NaN;
    if (value - last === 1 || value - last === 2) steps++;
    last = value;
  }
  return steps >= countingShare * (field.length - 1);
}
