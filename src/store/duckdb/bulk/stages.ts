/**
 * Values that are worked out one after another on the way to the rows, each once, under a name of its own: SELECTs inside
 * each other, one for each stage. What no later stage uses, DuckDB does not work out.
 */
export class Stages {
  readonly #stages: Map<string, string>[] = [];
  #count = 0;

  /** Name of the value of `sql`, which may use names of smaller stages only. */
  add(stage: number, sql: string): string {
    while (this.#stages.length <= stage) this.#stages.push(new Map());
    const names = this.#stages[stage];
    const known = names?.get(sql);
    if (known !== undefined) return known;
    const name = `v${this.#count++}`;
    names?.set(sql, name);
    return name;
  }

  /** The rows of `inner` with all values beside them. */
  from(inner: string): string {
    let rows = inner;
    for (const names of this.#stages) {
      const values = [...names].map(([sql, name]) => `${sql} AS ${name}`);
      if (values.length > 0) rows = `(SELECT *, ${values.join(', ')} FROM ${rows})`;
    }
    return rows;
  }
}

/** Stages of a JSON line: its top values, those taken apart, values inside, lists, texts, what is left. */
export const stage = { top: 0, parts: 1, value: 2, entries: 3, text: 4, rest: 5, cleanRest: 6 } as const;
