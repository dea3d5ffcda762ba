/** Table cells (4 bytes each) that an automaton may take. */
const maxCells = 1 << 24;

/**
 * Finds many literals in one pass over a text (Aho and Corasick, 1975), as a dense table: one look-up a code unit, whatever
 * the number of literals. Code units that no literal has share a class. States stand in the order of their depth, because
 * texts are mostly in shallow ones: those share what the processor keeps near.
 */
export class LiteralAutomaton {
  readonly #classes: Uint16Array;
  readonly #width: number;
  /**
   * For each state and class the next state's row (state times width), twice; odd when a literal ends in it, itself or as
   * the tail of a longer one.
   */
  readonly #next: Int32Array;
  /** For each state the literal that ends there, or -1, and the longest tail of it at which another ends, or 0. */
  readonly #literal: Int32Array;
  readonly #tail: Int32Array;

  /** Undefined when the table would be too large, or a literal is empty. */
  static of(literals: readonly string[]): LiteralAutomaton | undefined {
    let units = 1;
    for (const literal of literals) {
      if (literal === '') return undefined;
      units += literal.length;
    }
    const { classes, count } = classesOf(literals);
    return units * count > maxCells ? undefined : new LiteralAutomaton(literals, classes, count, units);
  }

  private constructor(literals: readonly string[], classes: Uint16Array, width: number, maxStates: number) {
    this.#classes = classes;
    this.#width = width;
    const children = new Int32Array(maxStates * width);
    const ends = new Int32Array(maxStates).fill(-1);
    let states = 1;
    for (const [index, literal] of literals.entries()) {
      let state = 0;
      for (let at = 0; at < literal.length; at++) {
        const cell = state * width + (classes[literal.charCodeAt(at)] ?? 0);
        if (children[cell] === 0) children[cell] = states++;
        state = children[cell] ?? 0;
      }
      ends[state] = index;
    }
    this.#next = new Int32Array(states * width);
    this.#literal = new Int32Array(states).fill(-1);
    this.#tail = new Int32Array(states);
    this.#link(children, ends, states);
  }

  /** Breadth first: numbers the states, and fills the missing transitions from the state of the longest proper tail. */
  #link(children: Int32Array, ends: Int32Array, states: number): void {
    const [next, width] = [this.#next, this.#width];
    const old = new Int32Array(states);
    const fail = new Int32Array(states);
    let count = 1;
    for (let state = 0; state < count; state++) {
      const failed = fail[state] ?? 0;
      this.#literal[state] = ends[old[state] ?? 0] ?? -1;
      this.#tail[state] = (this.#literal[failed] ?? -1) >= 0 ? failed : (this.#tail[failed] ?? 0);
      for (let unit = 0; unit < width; unit++) {
        const child = children[(old[state] ?? 0) * width + unit] ?? 0;
        const other = state === 0 ? 0 : (next[failed * width + unit] ?? 0);
        if (child !== 0) {
          old[count] = child;
          fail[count] = other;
        }
        next[state * width + unit] = child === 0 ? other : count++;
      }
    }
    for (let cell = 0; cell < next.length; cell++) next[cell] = this.#cellOf(next[cell] ?? 0);
  }

  #cellOf(state: number): number {
    const accepts = (this.#literal[state] ?? -1) >= 0 || (this.#tail[state] ?? 0) !== 0;
    return state * this.#width * 2 + (accepts ? 1 : 0);
  }

  /** True when the text contains one of the literals. */
  hasAny(text: string): boolean {
    const [next, classes] = [this.#next, this.#classes];
    let row = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      const cell = next[row + (unit < classes.length ? (classes[unit] ?? 0) : 0)] ?? 0;
      if ((cell & 1) === 1) return true;
      row = cell >> 1;
    }
    return false;
  }

  /** Calls `found` with the index of each literal that stands in bytes as ASCII (`scanLowBytes`), as often as it ends there. */
  scan(bytes: Uint8Array, length: number, found: (literal: number) => void): void {
    const [next, classes] = [this.#next, this.#classes];
    let row = 0;
    for (let at = 0; at < length; at++) {
      const unit = bytes[at] ?? 0;
      const cell = next[row + (unit < classes.length ? (classes[unit] ?? 0) : 0)] ?? 0;
      row = cell >> 1;
      if ((cell & 1) === 1) this.#report(row / this.#width, found);
    }
  }

  #report(accepting: number, found: (literal: number) => void): void {
    for (let state = accepting; state !== 0; state = this.#tail[state] ?? 0) {
      const literal = this.#literal[state] ?? -1;
      if (literal >= 0) found(literal);
    }
  }
}

/** A class for each code unit that occurs, from 1; 0 is every other. */
export function classesOf(literals: readonly string[]): { classes: Uint16Array; count: number } {
  let highest = 0;
  for (const literal of literals) {
    for (let at = 0; at < literal.length; at++) highest = Math.max(highest, literal.charCodeAt(at));
  }
  const classes = new Uint16Array(highest + 1);
  let count = 1;
  for (const literal of literals) {
    for (let at = 0; at < literal.length; at++) {
      const unit = literal.charCodeAt(at);
      if (classes[unit] === 0) classes[unit] = count++;
    }
  }
  return { classes, count };
}
