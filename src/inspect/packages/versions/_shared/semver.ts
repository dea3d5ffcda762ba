import { compareLists, compareNumbers, compareTexts, isDigits } from './compare.ts';

export interface SemverParts {
  /** Dotted numbers, usually three; what is no number stays as it is written. */
  readonly release: readonly string[];
  readonly prerelease: readonly string[];
  readonly build: readonly string[];
}

/** Splits leniently: a leading `v`, fewer or more than three numbers and odd words are all taken. */
export function parseSemver(version: string): SemverParts {
  const text = version.trim().replace(/^[vV=]+/, '');
  const plus = text.indexOf('+');
  const core = plus < 0 ? text : text.slice(0, plus);
  const dash = core.indexOf('-');
  return {
    release: (dash < 0 ? core : core.slice(0, dash)).split('.'),
    prerelease: dash < 0 ? [] : core.slice(dash + 1).split('.'),
    build: plus < 0 ? [] : text.slice(plus + 1).split('.'),
  };
}

/** Semantic Versioning 2.0.0, 11: build metadata does not count. Missing numbers are 0. */
export function compareSemver(left: SemverParts, right: SemverParts): number {
  return compareRelease(left.release, right.release) || comparePrerelease(left.prerelease, right.prerelease);
}

/** Dotted numbers, missing ones 0; a word is above every number. */
export function compareRelease(left: readonly string[], right: readonly string[]): number {
  return compareLists(left, right, '0', compareIdentifiers);
}

/** None is the release itself, which comes after all of its pre-releases. */
export function comparePrerelease(left: readonly string[], right: readonly string[]): number {
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  return compareDotted(left, right);
}

/** A list that goes on is above one that has ended. */
export function compareDotted(left: readonly string[], right: readonly string[]): number {
  return compareLists<string | undefined>(left, right, undefined, (a, b) => {
    if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
    return compareIdentifiers(a, b);
  });
}

function compareIdentifiers(left: string, right: string): number {
  const [leftIsNumber, rightIsNumber] = [isNumber(left), isNumber(right)];
  if (leftIsNumber && rightIsNumber) return compareNumbers(left, right);
  if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1;
  return compareTexts(left, right);
}

/** An empty place counts as 0. */
function isNumber(text: string): boolean {
  return text === '' || isDigits(text);
}

const strict =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Whether the text is a version by the letter of Semantic Versioning 2.0.0. */
export function isSemver(version: string): boolean {
  return strict.test(version);
}
