import { union, type CodePoints } from './code-points.ts';

/** 4 MB that are needed while patterns are read, and not after: memory may take them back. */
let ordered: WeakRef<{ readonly text: string }> | undefined;

/** Code points that a global expression with flag u finds, runs of them at a time. */
export function collectCodePoints(runs: RegExp): CodePoints {
  const ranges: number[] = [];
  for (const [run] of allCharacters().matchAll(runs)) {
    ranges.push(
      run.codePointAt(0) ?? 0,
      run.codePointAt(run.length - (run.charCodeAt(run.length - 1) >> 10 === 0x37 ? 2 : 1)) ?? 0,
    );
  }
  return union(ranges);
}

/** Every character in the order of its code point. */
function allCharacters(): string {
  const known = ordered?.deref();
  if (known !== undefined) return known.text;
  const blocks: string[] = [];
  for (let block = 0; block <= 0x10_ff00; block += 0x100) {
    if (block >= 0xd800 && block < 0xe000) continue;
    blocks.push(String.fromCodePoint(...Array.from({ length: 0x100 }, (_none, at) => block + at)));
  }
  const made = { text: blocks.join('') };
  ordered = new WeakRef(made);
  return made.text;
}

interface CaseVariants {
  /** Code points that have variants, ascending. */
  readonly points: readonly number[];
  /** All of a code point's orbit, itself among them. */
  readonly of: ReadonlyMap<number, readonly number[]>;
}

let known: CaseVariants | undefined;

/** The set with every code point that simple case folding makes equal to one of it: `k` brings `K` and the Kelvin sign. */
export function withCaseVariants(set: CodePoints): CodePoints {
  known ??= findCaseVariants();
  const { points, of } = known;
  const more: number[] = [];
  for (let range = 0; range < set.length; range += 2) {
    const last = set[range + 1] ?? 0;
    for (let at = firstFrom(points, set[range] ?? 0); at < points.length; at++) {
      const point = points[at] ?? 0;
      if (point > last) break;
      for (const variant of of.get(point) ?? []) more.push(variant, variant);
    }
  }
  return more.length === 0 ? set : union(set, more);
}

/** Place of the first number that is not smaller. */
function firstFrom(ascending: readonly number[], wanted: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function findCaseVariants(): CaseVariants {
  const of = makeOrbits();
  return { points: [...of.keys()].sort((a, b) => a - b), of };
}

/** For each code point with case variants, all of them, by the mappings to one code point. */
function makeOrbits(): ReadonlyMap<number, readonly number[]> {
  const byKey = new Map<string, number[]>();
  const cased = collectCodePoints(/\p{Changes_When_Casemapped}+/gu);
  for (const point of membersOf(cased)) {
    const character = String.fromCodePoint(point);
    const key = foldKey(character);
    if (key === character) continue;
    const orbit = byKey.get(key);
    if (orbit === undefined) byKey.set(key, [key.codePointAt(0) ?? 0, point]);
    else orbit.push(point);
  }
  return new Map([...byKey.values()].flatMap((orbit) => orbit.map((point) => [point, orbit])));
}

function membersOf(set: CodePoints): number[] {
  const members: number[] = [];
  for (let at = 0; at < set.length; at += 2) {
    for (let point = set[at] ?? 0; point <= (set[at + 1] ?? 0); point++) members.push(point);
  }
  return members;
}

/** Dotted and dotless i fold to themselves only, as in Unicode's table without the Turkic rules. */
function foldKey(character: string): string {
  if (character === '\u0130' || character === '\u0131') return character;
  const upper = single(character.toUpperCase()) ?? character;
  return single(upper.toLowerCase()) ?? upper;
}

function single(text: string): string | undefined {
  const point = text.codePointAt(0) ?? 0;
  return text.length === (point > 0xffff ? 2 : 1) ? text : undefined;
}
