import { SampledLiterals } from './sampled.ts';

/** Code units of a literal that are looked for: tables of whole literals outgrow the processor's caches. */
const pieceLength = SampledLiterals.shortest;
/** What is counted to tell rare fragments from common ones. */
const gramLength = 3;

/** Pieces of literals with all that hangs on the literals. */
export interface Fragments {
  /** ASCII pieces, all of one length. */
  readonly even: ReadonlyMap<string, readonly number[]>;
  /** ASCII literals that are shorter, as they are. */
  readonly short: ReadonlyMap<string, readonly number[]>;
  /** A code unit beyond ASCII of each of the others. */
  readonly foreign: ReadonlyMap<number, readonly number[]>;
}

/** How many literals have a gram: what rules often name is common in records too. */
export type GramCounts = ReadonlyMap<string, number>;

export function countGrams(literals: Iterable<string>): GramCounts {
  const counts = new Map<string, number>();
  for (const literal of literals) {
    for (const gram of new Set(gramsOf(literal))) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** Cuts literals to their rarest pieces. A text with the literal has the piece, so who hears of a piece must still look for the literal. */
export function fragmentsOf(literals: ReadonlyMap<string, readonly number[]>, counts: GramCounts): Fragments {
  const [even, short] = [new Map<string, Set<number>>(), new Map<string, Set<number>>()];
  const foreign = new Map<number, Set<number>>();
  for (const [literal, rules] of literals) {
    const at = literal.search(beyondAscii);
    if (at >= 0) add(foreign, literal.charCodeAt(at), rules);
    else if (literal.length < pieceLength) add(short, literal, rules);
    else add(even, rarestPiece(literal, counts), rules);
  }
  return { even: asLists(even), short: asLists(short), foreign: asLists(foreign) };
}

/**
 * The longest plain run (`StreamField.plainTexts`) of each literal; undefined when one has none that is long enough to be sampled, or
 * that could be a number.
 */
export function plainRunsOf(
  wakers: readonly ReadonlyMap<string, readonly number[]>[],
): Map<string, readonly number[]> | undefined {
  const plain = new Map<string, Set<number>>();
  for (const [literal, list] of wakers.flatMap((one) => [...one])) {
    const runs = literal.match(/[\w. -][\w. :-]*/g) ?? [];
    const run = runs.reduce((longest, one) => (one.length > longest.length ? one : longest), '');
    if (run.length < SampledLiterals.shortest || !/[A-DF-Za-df-z]/.test(run)) return undefined;
    add(plain, run, list);
  }
  return asLists(plain);
}

const beyondAscii = /[^\0-\u007f]/;

/** True when the text has a code unit beyond ASCII. */
export function isForeign(text: string): boolean {
  return beyondAscii.test(text);
}

function add<K>(to: Map<K, Set<number>>, key: K, rules: readonly number[]): void {
  const all = to.get(key) ?? new Set();
  to.set(key, all);
  for (const rule of rules) all.add(rule);
}

function asLists<K>(sets: ReadonlyMap<K, ReadonlySet<number>>): Map<K, readonly number[]> {
  return new Map([...sets].map(([key, set]) => [key, [...set]]));
}

function gramsOf(literal: string): string[] {
  const grams: string[] = [];
  for (let at = 0; at + gramLength <= literal.length; at++) grams.push(literal.slice(at, at + gramLength));
  return grams;
}

/** The piece around the gram that the fewest literals have. */
function rarestPiece(literal: string, counts: GramCounts): string {
  if (literal.length === pieceLength) return literal;
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [at, gram] of gramsOf(literal).entries()) {
    const count = counts.get(gram) ?? 0;
    if (count <= least) [best, least] = [at, count];
  }
  const start = Math.max(0, Math.min(best - 2, literal.length - pieceLength));
  return literal.slice(start, start + pieceLength);
}
