import { classesOf } from './automaton.ts';

/** Table cells (4 bytes each) that a trie may take. */
const maxCells = 1 << 22;

/** Finds which of many literals a text starts, or ends, with: one walk along that edge, over when no literal goes on. */
export class EdgeLiterals {
  readonly #isEnd: boolean;
  readonly #classes: Uint16Array;
  readonly #width: number;
  /** For each state and class the next state, or 0. */
  readonly #next: Int32Array;
  /** For each state the literal that is over there, or -1. */
  readonly #literal: Int32Array;

  /** Literals that differ; undefined when the table would be too large. */
  static of(literals: readonly string[], edge: 'start' | 'end'): EdgeLiterals | undefined {
    const units = literals.reduce((sum, { length }) => sum + length, 1);
    const { classes, count } = classesOf(literals);
    return units * count > maxCells ? undefined : new EdgeLiterals(literals, edge, classes, count, units);
  }

  private constructor(
    literals: readonly string[],
    edge: 'start' | 'end',
    classes: Uint16Array,
    width: number,
    maxStates: number,
  ) {
    this.#isEnd = edge === 'end';
    this.#classes = classes;
    this.#width = width;
    const next = new Int32Array(maxStates * width);
    const ends = new Int32Array(maxStates).fill(-1);
    let states = 1;
    for (const [index, literal] of literals.entries()) {
      let state = 0;
      for (let step = 0; step < literal.length; step++) {
        const unit = literal.charCodeAt(this.#isEnd ? literal.length - 1 - step : step);
        const cell = state * width + (classes[unit] ?? 0);
        if (next[cell] === 0) next[cell] = states++;
        state = next[cell] ?? 0;
      }
      ends[state] = index;
    }
    this.#next = next.slice(0, states * width);
    this.#literal = ends.slice(0, states);
  }

  /** True when the text starts (ends) with one of the literals. */
  hasAny(text: string): boolean {
    return this.#walk(text, undefined);
  }

  /** Calls `found` with the index of each literal that the text starts (ends) with. */
  scan(text: string, found: (literal: number) => void): void {
    this.#walk(text, found);
  }

  /** True at the first literal when nobody wants to hear of all. */
  #walk(text: string, found: ((literal: number) => void) | undefined): boolean {
    const [next, classes, width, literals, last] = [
      this.#next,
      this.#classes,
      this.#width,
      this.#literal,
      text.length - 1,
    ];
    let state = 0;
    for (let step = 0; ; step++) {
      const literal = literals[state] ?? -1;
      if (literal >= 0) {
        if (found === undefined) return true;
        found(literal);
      }
      if (step > last) return false;
      const unit = text.charCodeAt(this.#isEnd ? last - step : step);
      state = next[state * width + (unit < classes.length ? (classes[unit] ?? 0) : 0)] ?? 0;
      if (state === 0) return false;
    }
  }
}
