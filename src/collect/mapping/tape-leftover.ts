import type { RowWriter } from '../../events/row-sink.ts';
import type { JsonTape } from '../json-tape.ts';
import { tapeTypes } from '../tape-entries.ts';
import type { PathNode } from './tape-paths.ts';
import type { LeftoverPlan, TapeShape } from './tape-shape.ts';

/** Plan for the records of the shape that the tape holds; the same as `nestedLeftover`. `stays` tells of paths that remain. */
export function planLeftover(tape: JsonTape, shape: TapeShape, stays: (leaf: number) => boolean): LeftoverPlan {
  const planner = new Planner(tape, shape, stays);
  const text = planner.object(0) ?? '';
  const literals = text.split(cutMark);
  return { literals, literalBytes: literals.map((literal) => Buffer.from(literal)), cuts: planner.cuts };
}

/** The text by the plan; null when nothing is left. */
export function leftoverText(tape: JsonTape, { literals, cuts }: LeftoverPlan): string | null {
  let text = literals[0] ?? '';
  if (text === '') return null;
  for (let cut = 0; cut < cuts.length; cut += 2) {
    const from = (tape.keyStart[cuts[cut] ?? 0] ?? 0) - 1;
    text += `${piece(tape, from, endOf(tape, cuts[cut + 1] ?? 0))}${literals[cut / 2 + 1] ?? ''}`;
  }
  return text;
}

const backslash = 92;
const blank = 32;
const firstScratchBytes = 1024;
const keptScratchBytes = 1 << 18;

/** The same text straight into a column, as bytes. */
export class LeftoverBytes {
  readonly #tape: JsonTape;
  #scratch = Buffer.alloc(firstScratchBytes);

  constructor(tape: JsonTape) {
    this.#tape = tape;
  }

  put(row: RowWriter, column: number, plan: LeftoverPlan): void {
    if (plan.literals[0] === '') return;
    const length = this.#write(plan);
    if (length < 0) row.put(column, leftoverText(this.#tape, plan));
    else row.putText(column, this.#scratch, 0, length);
    // An attacker chooses how long a record is, and there is one of these for each route.
    if (this.#scratch.length > keptScratchBytes) this.#scratch = Buffer.alloc(firstScratchBytes);
  }

  /** Bytes that were written; -1 when a piece may have to be spelled otherwise. */
  #write({ literalBytes, cuts }: LeftoverPlan): number {
    const tape = this.#tape;
    let used = this.#copy(literalBytes[0] as Buffer, 0, (literalBytes[0] as Buffer).length, 0);
    for (let cut = 0; cut < cuts.length; cut += 2) {
      const from = (tape.keyStart[cuts[cut] ?? 0] ?? 0) - 1;
      const to = endOf(tape, cuts[cut + 1] ?? 0);
      if (tape.needsRespelling && hasEither(tape.bytes, from, to)) return -1;
      used = this.#copy(tape.bytes, from, to, used);
      const literal = literalBytes[cut / 2 + 1] as Buffer;
      used = this.#copy(literal, 0, literal.length, used);
    }
    return used;
  }

  #copy(bytes: Buffer, from: number, to: number, at: number): number {
    const end = at + to - from;
    if (end > this.#scratch.length) {
      const larger = Buffer.allocUnsafeSlow(2 * end);
      this.#scratch.copy(larger, 0, 0, at);
      this.#scratch = larger;
    }
    const into = this.#scratch;
    if (to - from > steppedBytes) bytes.copy(into, at, from, to);
    else for (let place = from, next = at; place < to;) into[next++] = bytes[place++] as number;
    return end;
  }
}

/** Of so few bytes a step for each costs less than a call. */
const steppedBytes = 100;

/** As `mayBeRespelled`. */
function hasEither(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] === backslash || bytes[at] === blank) return true;
  return false;
}

/** Members spelled as `JSON.stringify` does. */
function piece(tape: JsonTape, from: number, to: number): string {
  const text = tape.slice(from, to);
  if (!tape.needsRespelling || !mayBeRespelled(text)) return text;
  return JSON.stringify(JSON.parse(`{${text}}`)).slice(1, -1);
}

/** Escapes are not always needed, and a space may stand between members or in a string. */
function mayBeRespelled(text: string): boolean {
  return text.includes('\\') || text.includes(' ');
}

/** Place after a value, the closing quote included. */
function endOf(tape: JsonTape, entry: number): number {
  const isText = (tape.type[entry] ?? 0) <= tapeTypes.escaped;
  return (tape.end[entry] ?? 0) + (isText ? 1 : 0);
}

/** Stands for a cut while a plan is made: no literal has it, because keys come without control characters. */
const cutMark = '\u0000';

class Planner {
  readonly cuts: number[] = [];
  readonly #tape: JsonTape;
  readonly #nodes: readonly (PathNode | undefined)[];
  readonly #stays: (leaf: number) => boolean;

  constructor(tape: JsonTape, shape: TapeShape, stays: (leaf: number) => boolean) {
    this.#tape = tape;
    this.#nodes = shape.nodes;
    this.#stays = stays;
  }

  /** Text of what is left of an object, with marks for cuts. */
  object(object: number): string | undefined {
    const { next } = this.#tape;
    const end = next[object] ?? 0;
    let text = '';
    let isCutting = false;
    for (let entry = object + 1; entry < end; entry = next[entry] ?? end) {
      if (!this.#isTaken(entry) && !this.#hasNothing(entry)) {
        // Members that stay side by side are one cut.
        if (isCutting) this.cuts[this.cuts.length - 1] = entry;
        else text = joined(text, cutMark);
        if (!isCutting) this.cuts.push(entry, entry);
        isCutting = true;
        continue;
      }
      isCutting = false;
      const inner = this.#inside(entry);
      if (inner !== undefined) text = joined(text, `"${this.#key(entry)}":${inner}`);
    }
    return text === '' ? undefined : `{${text}}`;
  }

  /** True for a member that a path ends at or goes through. */
  #isTaken(entry: number): boolean {
    const node = this.#nodes[entry];
    return node !== undefined && !(node.leaf >= 0 && this.#stays(node.leaf));
  }

  /** True for nulls and empty objects, which are left out, and for objects with such in them. */
  #hasNothing(entry: number): boolean {
    const { type, next } = this.#tape;
    if (type[entry] !== tapeTypes.object) return type[entry] === tapeTypes.null;
    const end = next[entry] ?? 0;
    for (let inner = entry + 1; inner < end; inner = next[inner] ?? end) if (this.#hasNothing(inner)) return true;
    return end === entry + 1;
  }

  /** What is left of a container that is not taken as a whole. */
  #inside(entry: number): string | undefined {
    const endsHere = (this.#nodes[entry]?.leaf ?? -1) >= 0 && this.#isTaken(entry);
    return endsHere || !this.#tape.isContainer(entry) ? undefined : this.#container(entry);
  }

  #key(entry: number): string {
    return this.#tape.slice(this.#tape.keyStart[entry] ?? 0, this.#tape.keyEnd[entry] ?? 0);
  }

  #container(entry: number): string | undefined {
    if (this.#tape.type[entry] === tapeTypes.object) return this.object(entry);
    const { next } = this.#tape;
    const end = next[entry] ?? 0;
    const rests: (string | undefined)[] = [];
    for (let item = entry + 1; item < end; item = next[item] ?? end) rests.push(this.object(item));
    // Entries keep their places, so that what is left can be matched with what was taken.
    return rests.every((rest) => rest === undefined) ? undefined : `[${rests.map((rest) => rest ?? '{}').join(',')}]`;
  }
}

function joined(text: string, piece: string): string {
  return text === '' ? piece : `${text},${piece}`;
}
