import { severities } from '../events/finding.ts';
import type { Rule } from '../detect/rules/rule-language.ts';
import type { UserQueryResult } from '../store/store.ts';

type Row = UserQueryResult['rows'][number];

/** What a rule matched: how often, and the earliest rows. */
export interface RuleMatches {
  readonly detector: string;
  readonly rule: Rule;
  readonly count: number;
  readonly rows: readonly Row[];
}

/** Matches of many rules as they come in, in no order. Of each rule all are counted, and the earliest kept. */
export class KeptMatches {
  readonly #most: number;
  readonly #order: readonly number[];
  readonly #byRule = new Map<Rule, { readonly detector: string; count: number; rows: Row[] }>();

  /** `order`: places of the numbers in a row by which the rows of a rule stand in order. */
  constructor(mostPerRule: number, order: readonly number[]) {
    this.#most = mostPerRule;
    this.#order = order;
  }

  add(detector: string, rule: Rule, row: Row): void {
    const own = this.#of(detector, rule);
    own.count++;
    own.rows.push(row);
    if (own.rows.length >= 2 * this.#most) this.#trim(own.rows);
  }

  /** Matches whose earliest rows are known already. */
  addAll(detector: string, rule: Rule, rows: readonly Row[], count: number): void {
    if (count === 0) return;
    const own = this.#of(detector, rule);
    own.count += count;
    for (const row of rows) own.rows.push(row);
    this.#trim(own.rows);
  }

  /** Rules that matched, the most severe first and of equals the rarest. */
  ranked(): RuleMatches[] {
    const all = [...this.#byRule].map(([rule, { detector, count, rows }]) => {
      this.#trim(rows);
      return { detector, rule, count, rows };
    });
    return all.sort(
      (a, b) =>
        severities.indexOf(b.rule.severity) - severities.indexOf(a.rule.severity) ||
        a.count - b.count ||
        (a.rule.title < b.rule.title ? -1 : 1),
    );
  }

  #of(detector: string, rule: Rule): { readonly detector: string; count: number; rows: Row[] } {
    const own = this.#byRule.get(rule) ?? { detector, count: 0, rows: [] };
    this.#byRule.set(rule, own);
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
