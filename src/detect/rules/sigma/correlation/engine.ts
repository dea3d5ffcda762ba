import type { ResolvedCorrelation } from '../collection.ts';
import type { SigmaCorrelation, SigmaRule } from '../model.ts';
import { Correlator, type CorrelationHit, type Match } from './correlator.ts';

interface Listener<T> {
  readonly correlator: Correlator<T>;
  readonly part: number;
}

/**
 * All correlations of a set: takes the matches of their rules and hands hits on along chains. A temporal correlation of a
 * correlation looks at every moment at which that one holds; any other counts the times it began to.
 */
export class CorrelationEngine<T> {
  readonly #correlators: readonly Correlator<T>[];
  readonly #listeners = new Map<SigmaRule | SigmaCorrelation, Listener<T>[]>();

  constructor(correlations: readonly ResolvedCorrelation[]) {
    this.#correlators = correlations.map(({ document, parts }) => {
      const names = parts.map((part, index) =>
        [document.rules[index]?.to, part.document.name, part.document.id].filter((name) => name !== undefined),
      );
      const correlator = new Correlator<T>(document, names);
      for (const [part, { document: from }] of parts.entries()) {
        const list = this.#listeners.get(from);
        if (list === undefined) this.#listeners.set(from, [{ correlator, part }]);
        else list.push({ correlator, part });
      }
      return correlator;
    });
  }

  /** Entries that had to go to keep the bounds, over all correlations. */
  get lost(): number {
    return this.#correlators.reduce((sum, correlator) => sum + correlator.lost, 0);
  }

  isWatched(rule: SigmaRule): boolean {
    return this.#listeners.has(rule);
  }

  /** Hits that begin with this match, those of the innermost correlation first. */
  add(rule: SigmaRule, match: Match<T>): CorrelationHit<T>[] {
    return this.#spread(rule, match);
  }

  end(): CorrelationHit<T>[] {
    return this.#correlators.flatMap((correlator) => correlator.end().flatMap((hit) => this.#withFollowers(hit)));
  }

  #spread(from: SigmaRule | SigmaCorrelation, match: Match<T>): CorrelationHit<T>[] {
    const hits: CorrelationHit<T>[] = [];
    for (const { correlator, part } of this.#listeners.get(from) ?? []) {
      for (const hit of correlator.add(part, match)) hits.push(...this.#withFollowers(hit, match.token));
    }
    return hits;
  }

  #withFollowers(hit: CorrelationHit<T>, last = hit.tokens.at(-1)): CorrelationHit<T>[] {
    const hits = hit.isNew ? [hit] : [];
    if (last === undefined) return hits;
    const match = { time: hit.time, values: hit.values, token: last };
    for (const { correlator, part } of this.#listeners.get(hit.correlation) ?? []) {
      const isTemporal = correlator.correlation.type.startsWith('temporal');
      if (!isTemporal && !hit.isNew) continue;
      for (const next of correlator.add(part, match)) hits.push(...this.#withFollowers(next, last));
    }
    return hits;
  }
}
