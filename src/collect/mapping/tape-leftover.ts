import { tapeTypes, type JsonTape } from '../json-tape.ts';
import type { PathNode } from './tape-paths.ts';
import type { TapeShape } from './tape-shape.ts';

/**
 * How what no reader took is put together out of the text of a record: a literal, then each cut with the literal that
 * follows it. A cut goes from the key of one member to the end of the value of another.
 */
export interface LeftoverPlan {
  readonly literals: readonly string[];
  /** Two entries for each cut. */
  readonly cuts: readonly number[];
}

/** Plan for the records of the shape that the tape holds; the same as `nestedLeftover`. `stays` tells of paths that remain. */
export function planLeftover(tape: JsonTape, shape: TapeShape, stays: (leaf: number) => boolean): LeftoverPlan {
  const planner = new Planner(tape, shape, stays);
  const text = planner.object(0) ?? '';
  return { literals: text.split(cutMark), cuts: planner.cuts };
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

/** Members spelled as `JSON.stringify` does. */
function piece(tape: JsonTape, from: number, to: number): string {
  const text = tape.slice(from, to);
  if (!tape.isRespelled || !needsRespelling(text)) return text;
  return JSON.stringify(JSON.parse(`{${text}}`)).slice(1, -1);
}

/** Escapes are not always needed, and a space may stand between members or in a string. */
function needsRespelling(text: string): boolean {
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
      const node = this.#nodes[entry];
      if (node === undefined || (node.leaf >= 0 && this.#stays(node.leaf))) {
        // Members that stay side by side are one cut.
        if (isCutting) this.cuts[this.cuts.length - 1] = entry;
        else text = joined(text, cutMark);
        if (!isCutting) this.cuts.push(entry, entry);
        isCutting = true;
        continue;
      }
      isCutting = false;
      const inner = node.leaf < 0 ? this.#container(entry) : undefined;
      if (inner !== undefined) text = joined(text, `${JSON.stringify(node.key)}:${inner}`);
    }
    return text === '' ? undefined : `{${text}}`;
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
