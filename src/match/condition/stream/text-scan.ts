import { LiteralAutomaton } from './automaton.ts';
import { EdgeLiterals } from './edges.ts';
import { fragmentsOf, isForeign, type GramCounts } from './fragments.ts';
import { scanLowBytes, type ByteScan } from './low-bytes.ts';
import { SampledLiterals } from './sampled.ts';
import type { Place } from './triggers.ts';

/** Rules, by their place in the list of those that are scanned for, that each text wakes. */
export type Wakers = ReadonlyMap<string, readonly number[]>;
export type Wake = (rules: Int32Array) => void;
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
export function insideScan(literals: Wakers, grams: GramCounts, wake: Wake): TextScan | undefined {
  const { even, short, foreign } = fragmentsOf(literals, grams);
  const sampled = SampledLiterals.of([...even.keys()]);
  const others = sampled === undefined ? new Map([...even, ...short]) : short;
  const automaton = LiteralAutomaton.of([...others.keys()]);
  if (automaton === undefined) return undefined;
  const [ofSampled, ofOthers] = [waker(even, wake), waker(others, wake)];
  const scan: ByteScan = (bytes, length, text, offset) => {
    sampled?.scan(bytes, length, text, offset, ofSampled);
    if (others.size > 0) automaton.scan(bytes, length, ofOthers);
  };
  const plain: TextScan = (text) => scanLowBytes(text, scan);
  return foreign.size === 0 ? plain : inTurn([plain, unitScan(foreign, wake)]);
}

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
  const rules = new Map([...wakers].map(([text, list]) => [text, Int32Array.from(list)]));
  return (text) => {
    const list = rules.get(text);
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
  const found = waker(wakers, wake);
  return (text) => table.scan(text, found);
}

/** Wakes by the index of a literal. */
function waker(wakers: Wakers, wake: Wake): (literal: number) => void {
  const lists = [...wakers.values()].map((list) => Int32Array.from(list));
  return (literal) => {
    const list = lists[literal];
    if (list !== undefined) wake(list);
  };
}
