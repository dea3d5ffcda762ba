import { foldCase } from '../fold.ts';
import { LiteralAutomaton } from './automaton.ts';
import { EdgeLiterals } from './edges.ts';
import { fragmentsOf, isForeign, type GramCounts } from './fragments.ts';
import { scanLowBytes, type ByteScan } from './low-bytes.ts';
import { SampledLiterals } from './sampled.ts';
import type { Place } from './triggers.ts';

/** What each text wakes, as numbers (`wakerOf` in `sleepers.ts`). */
export type Wakers = ReadonlyMap<string, readonly number[]>;
export type Wake = (wakers: Int32Array) => void;
export type TextScan = (text: string) => void;

/** Wakes the rules whose literals stand in a text at their places; undefined when the literals are too many for a table. */
export function textScan(places: Readonly<Record<Place, Wakers>>, grams: GramCounts, wake: Wake): TextScan | undefined {
  const { whole, start, end, inside } = places;
  const scans: (TextScan | undefined)[] = [];
  if (whole.size > 0) scans.push(wholeScan(whole, wake));
  if (start.size > 0) scans.push(edgeScan(start, 'start', wake));
  if (end.size > 0) scans.push(edgeScan(end, 'end', wake));
  if (inside.size > 0) scans.push(insideScan(inside, grams, wake));
  return inTurn(scans);
}

/** The same for literals that may stand anywhere; some of the rules that it wakes may have only a piece of theirs there. */
function insideScan(literals: Wakers, grams: GramCounts, wake: Wake): TextScan | undefined {
  const { even, short, foreign } = fragmentsOf(literals, grams);
  const sampled = even.size === 0 ? undefined : new SampledLiterals([...even.keys()], false);
  const others = new Map(short);
  for (const literal of sampled?.rejected ?? []) others.set(literal, even.get(literal) ?? []);
  const automaton = LiteralAutomaton.of([...others.keys()]);
  if (automaton === undefined) return undefined;
  const [ofSampled, ofOthers] = [waker(even, sampled?.literals ?? [], wake), waker(others, [...others.keys()], wake)];
  const scan: ByteScan = (low, length) => {
    sampled?.scan(low, length, ofSampled);
    if (others.size > 0) automaton.scan(low.bytes, length, ofOthers);
  };
  const plain: TextScan = (text) => scanLowBytes(text, scan);
  return foreign.size === 0 ? plain : inTurn([plain, unitScan(foreign, wake)]);
}

/**
 * The same for literals in small letters and texts in any, which need not be folded before. Undefined as well for literals that are too
 * short, or too like each other, to be found so.
 */
export function anyCaseScan(literals: Wakers, grams: GramCounts, wake: Wake): TextScan | undefined {
  const { even, short, foreign } = fragmentsOf(literals, grams);
  if (even.size === 0 || short.size + foreign.size > 0) return undefined;
  const sampled = new SampledLiterals([...even.keys()], true);
  if (sampled.rejected.length > 0) return undefined;
  const found = waker(even, sampled.literals, wake);
  const scan: ByteScan = (low, length) => sampled.scan(low, length, found);
  return (text) => {
    if (text.length >= SampledLiterals.shortest) scanLowBytes(foldsToAscii.test(text) ? foldCase(text) : text, scan);
  };
}

/** The letters beyond ASCII that `foldCase` makes ASCII of. */
const foldsToAscii = /[\u0130\u212a]/;

function inTurn(scans: readonly (TextScan | undefined)[]): TextScan | undefined {
  const made = scans.filter((scan) => scan !== undefined);
  const [first, second] = made;
  if (made.length < scans.length || first === undefined) return undefined;
  if (second === undefined) return first;
  return (text) => {
    for (let at = 0; at < made.length; at++) made[at]?.(text);
  };
}

function wholeScan(wakers: Wakers, wake: Wake): TextScan {
  const lists = new Map([...wakers].map(([text, list]) => [text, Int32Array.from(list)]));
  const lengths = new Uint8Array(Math.max(...[...wakers.keys()].map(({ length }) => length)) + 1);
  for (const { length } of wakers.keys()) lengths[length] = 1;
  return (text) => {
    // Most texts have a length that none of these has: they need no hash.
    if (text.length >= lengths.length || lengths[text.length] === 0) return;
    const list = lists.get(text);
    if (list !== undefined) wake(list);
  };
}

function unitScan(wakers: ReadonlyMap<number, readonly number[]>, wake: Wake): TextScan {
  const lists = new Map([...wakers].map(([unit, list]) => [unit, Int32Array.from(list)]));
  return (text) => {
    if (!isForeign(text)) return;
    for (let at = 0; at < text.length; at++) {
      const list = lists.get(text.charCodeAt(at));
      if (list !== undefined) wake(list);
    }
  };
}

function edgeScan(wakers: Wakers, edge: 'start' | 'end', wake: Wake): TextScan | undefined {
  const table = EdgeLiterals.of([...wakers.keys()], edge);
  if (table === undefined) return undefined;
  const found = waker(wakers, [...wakers.keys()], wake);
  return (text) => table.scan(text, found);
}

/** Wakes by the index of a literal. */
function waker(wakers: Wakers, literals: readonly string[], wake: Wake): (literal: number) => void {
  const lists = literals.map((literal) => Int32Array.from(wakers.get(literal) ?? []));
  return (literal) => {
    const list = lists[literal];
    if (list !== undefined) wake(list);
  };
}
