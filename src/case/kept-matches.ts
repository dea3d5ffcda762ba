import type { HuntCell } from './service.ts';

type Row = readonly HuntCell[];

/** What was found of one sort: how often, and the earliest rows. */
export interface Kept {
  readonly count: number;
  readonly rows: readonly Row[];
}

/** Matches of many sorts as they come in, in no order. Of each sort all are counted, and the earliest kept. */
export class KeptMatches<Sort> {
  readonly #most: number;
  readonly #order: readonly number[];
  readonly #bySort = new Map<Sort, { count: number; rows: Row[] }>();

  /** `order`: places of the numbers in a row by which the rows of a sort stand in order. */
  constructor(mostPerSort: number, order: readonly number[]) {
    this.#most = mostPerSort;
    this.#order = order;
  }

  add(sort: Sort, row: Row): void {
    const own = this.#of(sort);
    own.count++;
    own.rows.push(row);
    if (own.rows.length >= 2 * this.#most) this.#trim(own.rows);
  }

  /** Matches whose earliest rows are known already. */
  addAll(sort: Sort, { rows, count }: Kept): void {
    if (count === 0) return;
    const own = this.#of(sort);
    own.count += count;
    for (const row of rows) own.rows.push(row);
    this.#trim(own.rows);
  }

  /** Sorts that were found, in the order in which they were first. */
  all(): (readonly [sort: Sort, kept: Kept])[] {
    for (const { rows } of this.#bySort.values()) this.#trim(rows);
    return [...this.#bySort];
  }

  #of(sort: Sort): { count: number; rows: Row[] } {
    const own = this.#bySort.get(sort) ?? { count: 0, rows: [] };
    this.#bySort.set(sort, own);
    return own;
  }

  #trim(rows: Row[]): void {
    rows.sort((a, b) => {
      for (const place of this.#order) {
        const difference = Number(a[place]) - Number(b[place]);
        if (difference !== 0) return difference;
      }
      return 0;
    });
    rows.length = Math.min(rows.length, this.#most);
  }
}

/** How many rows each rule shows when all may show no more than `most`: those with few show all, the others share what is left. */
export function shareRows(counts: readonly number[], most: number): number[] {
  const shares = counts.map(() => 0);
  const bySize = [...counts.keys()].sort((a, b) => (counts[a] ?? 0) - (counts[b] ?? 0));
  let left = most;
  for (const [done, place] of bySize.entries()) {
    // The first of those that share unevenly get one row less.
    const share = Math.min(counts[place] ?? 0, Math.floor(left / (bySize.length - done)));
    shares[place] = share;
    left -= share;
  }
  return shares;
}
