/** What a query asks of one column: any of these values, or any value that one of the patterns fits. */
export interface ColumnConstraint {
  readonly equal: readonly string[];
  /** Patterns of LIKE: `%` any run, `_` any character. */
  readonly like: readonly string[];
}

/** What a query asks of the columns of one table, as far as it is known before it runs. */
export class Constraints {
  readonly #columns: ReadonlyMap<string, ColumnConstraint>;

  constructor(columns: ReadonlyMap<string, ColumnConstraint> = new Map()) {
    this.#columns = columns;
  }

  /** The constraint of a column; undefined when rows with any value may be wanted. */
  of(column: string): ColumnConstraint | undefined {
    return this.#columns.get(column);
  }

  /** True when any of the columns is fixed. */
  hasAny(columns: readonly string[]): boolean {
    return columns.some((column) => this.#columns.has(column));
  }

  /** True when a row with this value may be wanted: patterns are left to the query. */
  allows(column: string, value: string | number): boolean {
    const constraint = this.#columns.get(column);
    return constraint === undefined || constraint.like.length > 0 || constraint.equal.includes(String(value));
  }

  /** The values of a column as whole numbers of 0 or more; undefined when all may be wanted. */
  numbers(column: string): readonly number[] | undefined {
    const constraint = this.#columns.get(column);
    if (constraint === undefined || constraint.like.length > 0) return undefined;
    return constraint.equal.filter((value) => /^\d{1,15}$/.test(value)).map(Number);
  }
}
