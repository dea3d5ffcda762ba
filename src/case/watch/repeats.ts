import { severityRank } from '../../events/finding.ts';
import { sameThing } from './live-rules.ts';
import type { Alert, Notice } from './notice.ts';

interface Group {
  readonly first: Alert;
  readonly toldAtMs: number;
  count: number;
  last: Alert;
}

/** Groups remembered; the oldest is told and forgotten when more come. */
const maxGroups = 20_000;

/** Tells the first of alike alerts at once, one that is worse than those before too, and the rest as a count when the window is over. */
export class Repeats {
  readonly #windowMs: number;
  readonly #groups = new Map<string, Group>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** The alert as a notice when it is the first of its kind in the window. `nowMs` only ever grows. */
  *add(alert: Alert, nowMs: number): Generator<Notice> {
    const key = sameThing(alert);
    const group = this.#groups.get(key);
    if (group !== undefined && severityRank(alert.severity) <= severityRank(group.first.severity)) {
      group.count++;
      group.last = alert;
      return;
    }
    if (group !== undefined) yield* this.#forget([key, group]);
    this.#groups.set(key, { first: alert, toldAtMs: nowMs, count: 0, last: alert });
    yield { type: 'alert', ...alert };
    if (this.#groups.size > maxGroups) yield* this.#forget(this.#groups.entries().next().value);
  }

  /** Counts of groups whose window is over. A group that goes on repeating is counted again, not told anew. */
  *due(nowMs: number): Generator<Notice> {
    for (const entry of this.#groups) {
      if (nowMs - entry[1].toldAtMs < this.#windowMs) break;
      yield* this.#forget(entry);
      const [key, group] = entry;
      if (group.count > 0) this.#groups.set(key, { ...group, toldAtMs: nowMs, count: 0 });
    }
  }

  /** What is still uncounted, at the end. */
  *rest(): Generator<Notice> {
    for (const entry of this.#groups) yield* this.#forget(entry);
  }

  *#forget(entry: [string, Group] | undefined): Generator<Notice> {
    if (entry === undefined) return;
    const [key, { first, count, last }] = entry;
    this.#groups.delete(key);
    if (count === 0) return;
    const { detector, title, severity, host } = first;
    yield { type: 'repeats', detector, title, severity, host, count, last: last.time };
  }
}
