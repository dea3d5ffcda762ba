import type { Micros } from '../../base/time.ts';
import type { EventRow, KindId, VakthundEvent } from '../../events/event.ts';
import type { IndicatorKind } from './format.ts';
import { observablesOf, type Observable } from './observables.ts';
import type { IndicatorRef, IndicatorSet } from './set.ts';
import { noWarnings, type Warnings } from './warning-list.ts';

/** An entry that a seen value falls under, and the warning list that keeps it from firing, if one does. */
export interface IndicatorHit {
  readonly ref: IndicatorRef;
  readonly suppressedBy: string | null;
}

/** A column of an event that holds something listed. */
export interface IndicatorMatch {
  readonly event: VakthundEvent;
  readonly observable: Observable;
  /** As it stands in the event. */
  readonly value: string;
  readonly hits: readonly IndicatorHit[];
}

export interface MatcherOptions {
  readonly set: IndicatorSet;
  readonly warnings?: Warnings;
  /** An entry whose validity ended before does not fire. */
  readonly asOf: Micros;
}

const noHits: readonly IndicatorHit[] = [];
const noMatches: readonly IndicatorMatch[] = [];

/** A set together with warning lists and a point in time: the one place that decides what fires. */
export class IndicatorMatcher {
  readonly set: IndicatorSet;
  readonly #warnings: Warnings;
  readonly #asOf: Micros;
  /** Columns worth a look, for each kind met so far. */
  readonly #plans = new Map<KindId, readonly Observable[]>();

  constructor(options: MatcherOptions) {
    this.set = options.set;
    this.#warnings = options.warnings ?? noWarnings;
    this.#asOf = options.asOf;
  }

  /** Everything listed in the events, in their order. */
  matchEvents(events: readonly VakthundEvent[]): readonly IndicatorMatch[] {
    let matches: IndicatorMatch[] | undefined;
    for (const event of events) {
      const plan = this.#plans.get(event.kind) ?? this.#planOf(event.kind);
      for (const observable of plan) {
        const value = (event as unknown as EventRow)[observable.column];
        if (value === null || value === undefined) continue;
        if (typeof value === 'string') matches = this.#look(event, observable, value, matches);
        else if (typeof value === 'object') {
          for (const entry of value) matches = this.#look(event, observable, entry, matches);
        }
      }
    }
    return matches ?? noMatches;
  }

  /** What fires, or would without a warning list, for a value of an observable; `host` is the `url_domain` beside a request. */
  hitsOf(observable: Observable, value: string, host: string | null): readonly IndicatorHit[] {
    const refs = this.#refsOf(observable, value, host);
    if (refs.length === 0) return noHits;
    return refs
      .filter((ref) => ref.expires_at === null || ref.expires_at > this.#asOf)
      .map((ref) => ({ ref, suppressedBy: this.#warnings.suppressing(ref, value) ?? null }));
  }

  #look(
    event: VakthundEvent,
    observable: Observable,
    value: string,
    matches: IndicatorMatch[] | undefined,
  ): IndicatorMatch[] | undefined {
    const host = observable.type === 'request' ? hostOf(event) : null;
    const hits = this.hitsOf(observable, value, host);
    if (hits.length === 0) return matches;
    const list = matches ?? [];
    list.push({ event, observable, value, hits });
    return list;
  }

  #refsOf({ type }: Observable, value: string, host: string | null): readonly IndicatorRef[] {
    const { set } = this;
    if (type === 'request') return set.lookUpUrl(host, value);
    if (type === 'host') {
      const refs = set.lookUp('address', value);
      return refs.length > 0 ? refs : set.lookUp('domain', value);
    }
    if (type !== 'hash') return set.lookUp(type, value);
    const kind = hashKindOf(value);
    return kind === undefined ? [] : set.lookUp(kind, value);
  }

  #planOf(kind: KindId): readonly Observable[] {
    const plan = observablesOf(kind).filter((observable) => kindsOf(observable).some((each) => this.set.holds(each)));
    this.#plans.set(kind, plan);
    return plan;
  }
}

/** Kinds of indicators that an observable can show. */
export function kindsOf({ type }: Observable): readonly IndicatorKind[] {
  if (type === 'host') return ['address', 'domain'];
  if (type === 'hash') return ['md5', 'sha1', 'sha256'];
  return [type === 'request' ? 'url' : type];
}

function hashKindOf(value: string): IndicatorKind | undefined {
  if (value.length === 64) return 'sha256';
  if (value.length === 40) return 'sha1';
  return value.length === 32 ? 'md5' : undefined;
}

function hostOf(event: VakthundEvent): string | null {
  const host = (event as unknown as EventRow)['url_domain'];
  return typeof host === 'string' ? host : null;
}
