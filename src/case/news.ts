import type { Micros } from '../base/time.ts';
import type { Macros } from '../store/macros.ts';

/** Events of one evidence that were stored: all of them stand at the place or later in it, and none is older than `first`. */
export interface Stored {
  readonly evidenceId: number;
  readonly place: number;
  readonly first: Micros;
}

/** Contents that are told apart; when more have news, all that is stored counts as new. */
const maxContents = 1000;

/** Where in the evidence stands what was stored since somebody looked last. */
export class News {
  /** By evidence the lowest place that something new came from. */
  #lowest = new Map<number, number>();
  #first = Number.POSITIVE_INFINITY;
  #isBeyondBounds = false;

  add({ evidenceId, place, first }: Stored): void {
    this.#lowest.set(evidenceId, Math.min(place, this.#lowest.get(evidenceId) ?? place));
    this.#first = Math.min(this.#first, first);
    this.#isBeyondBounds ||= this.#lowest.size > maxContents;
    if (this.#isBeyondBounds) this.#lowest.clear();
  }

  /**
   * SQL condition that new rows fulfil, `TRUE` when there are too many to tell, undefined when there are none. A record that ended out of
   * turn may make it hold for a few that are known. What is taken is no news any more.
   */
  take(macros: Macros): string | undefined {
    const [lowest, first, isBeyondBounds] = [this.#lowest, this.#first, this.#isBeyondBounds];
    this.#lowest = new Map();
    this.#first = Number.POSITIVE_INFINITY;
    this.#isBeyondBounds = false;
    if (isBeyondBounds) return 'TRUE';
    if (lowest.size === 0) return undefined;
    const cases = [...lowest].map(([id, place]) => `WHEN ${id} THEN ${place}`);
    // Time says nothing more; but stored rows are kept so that it is looked for in few places only.
    return `(time >= ${macros.toTime(String(Math.floor(first)))} AND evidence_id IN (${[...lowest.keys()].join(', ')})
      AND coalesce(evidence_at >= CASE evidence_id ${cases.join(' ')} END, TRUE))`;
  }
}
