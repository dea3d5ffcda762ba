/** Bytes of one text that a function makes. */
const maxTextLength = 2 ** 22;
/** Entries of one list that a function makes. */
const maxListLength = 100_000;
/** Values inside one another: a dictionary may hold itself. */
export const maxValueDepth = 64;

/** Why rendering was given up: a chart may be made to never end. */
export class BudgetError extends Error {}

/** What rendering one chart may cost: a step is a node, a call, an entry of a value, or 256 characters. */
export class Budget {
  #left: number;

  constructor(steps = 2_000_000) {
    this.#left = steps;
  }

  spend(steps = 1): void {
    this.#left -= steps;
    if (this.#left < 0) throw new BudgetError('rendering takes too many steps');
  }

  /** The text, when it is not too long. */
  text(text: string): string {
    if (text.length > maxTextLength) throw new BudgetError('rendering makes a text that is too long');
    this.spend(1 + (text.length >> 8));
    return text;
  }

  /** For texts whose length can be told before they are made. */
  room(length: number): void {
    if (!(length <= maxTextLength)) throw new BudgetError('rendering makes a text that is too long');
  }

  /** For texts and lists whose size somebody asked for, before they are made. */
  size(length: number): number {
    if (!(length <= maxListLength)) throw new BudgetError(`rendering asks for ${length} entries`);
    this.spend(1 + (length >> 3));
    return Math.max(0, Math.trunc(length));
  }
}
