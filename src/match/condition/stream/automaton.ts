/** Table cells (4 bytes each) that an automaton may take. */
const maxCells = 1 << 24;

/**
 * Finds many literals in one pass over a text (Aho and Corasick, 1975), as a dense table: one look-up a code unit, whatever
 * the number of literals. Code units that no literal has share a class.
 */
export class LiteralAutomaton {
  readonly #classes: Uint16Array;
  readonly #classCount: number;
  /** Next row for each state and class; a row is the state times the number of classes. */
  readonly #next: Int32Array;
  /** For each state 1 when a literal ends there, itself or as the tail of a longer one. */
  readonly #accepts: Uint8Array;
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

  private constructor(literals: readonly string[], classes: Uint16Array, classCount: number, maxStates: number) {
    this.#classes = classes;
    this.#classCount = classCount;
    const next = new Int32Array(maxStates * classCount);
    const literalAt = new Int32Array(maxStates).fill(-1);
    let states = 1;
    for (const [index, literal] of literals.entries()) {
      let state = 0;
      for (let at = 0; at < literal.length; at++) {
        const cell = state * classCount + (classes[literal.charCodeAt(at)] ?? 0);
        if (next[cell] === 0) next[cell] = states++;
        state = next[cell] ?? 0;
      }
      literalAt[state] = index;
    }
    this.#literal = literalAt.slice(0, states);
    this.#tail = new Int32Array(states);
    this.#accepts = Uint8Array.from(this.#literal, (literal) => (literal < 0 ? 0 : 1));
    this.#next = next.slice(0, states * classCount);
    this.#link(states);
  }

  /** Breadth first: fills the missing transitions from the state of the longest proper tail, and makes rows of states. */
  #link(states: number): void {
    const [next, width] = [this.#next, this.#classCount];
    const fail = new Int32Array(states);
    const queue = new Int32Array(states);
    let end = 1;
    for (let at = 0; at < end; at++) {
      const state = queue[at] ?? 0;
      const failed = fail[state] ?? 0;
      const accepts = (this.#literal[failed] ?? -1) >= 0;
      this.#tail[state] = accepts ? failed : (this.#tail[failed] ?? 0);
      if (this.#tail[state] !== 0) this.#accepts[state] = 1;
      for (let unit = 0; unit < width; unit++) {
        const cell = state * width + unit;
        const target = next[cell] ?? 0;
        const other = state === 0 ? 0 : (next[failed * width + unit] ?? 0);
        if (target === 0) next[cell] = other;
        else {
          fail[target] = other;
          queue[end++] = target;
        }
      }
    }
  }

  /** True when the text contains one of the literals. */
  hasAny(text: string): boolean {
    const [next, classes, width, accepts] = [this.#next, this.#classes, this.#classCount, this.#accepts];
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      state = next[state * width + (unit < classes.length ? (classes[unit] ?? 0) : 0)] ?? 0;
      if (accepts[state] === 1) return true;
    }
    return false;
  }

  /** Calls `found` with the index of each literal that the text contains, as often as it ends somewhere. */
  scan(text: string, found: (literal: number) => void): void {
    const [next, classes, width, accepts] = [this.#next, this.#classes, this.#classCount, this.#accepts];
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      state = next[state * width + (unit < classes.length ? (classes[unit] ?? 0) : 0)] ?? 0;
      if (accepts[state] === 1) this.#report(state, found);
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
function classesOf(literals: readonly string[]): { classes: Uint16Array; count: number } {
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
