import type { Indicator } from '../../format.ts';
import { EntryBatch } from '../../reading/entries.ts';
import { listField } from '../../reading/json-items.ts';
import { addObservable } from './observables.ts';

type Item = Readonly<Record<string, unknown>>;
interface Place {
  readonly byte: number;
}

/**
 * Observables wait for the end of the bundle: those that an observation refers to tell what somebody saw, own machines
 * among it, and are no indicators.
 */
export class WaitingObservables {
  readonly #most: number;
  readonly #waiting: { readonly id: unknown; readonly entries: readonly Indicator[] }[] = [];
  readonly #seen = new Set<unknown>();
  #leftOut: Place | undefined;
  #unremembered: Place | undefined;

  /** `most` observables wait, and as many references are remembered. */
  constructor(most = 2_000_000) {
    this.#most = most;
  }

  /** Keeps what it says, and no more of it: an object may be large. */
  add(batch: EntryBatch, object: Item, at: Place): void {
    const own = new EntryBatch();
    addObservable(own, object, at);
    batch.problems.push(...own.problems);
    if (this.#waiting.length < this.#most) this.#waiting.push({ id: object['id'], entries: own.indicators });
    else this.#leftOut ??= at;
  }

  leaveOut(observation: Item, at: Place): void {
    for (const id of listField(observation, 'object_refs')) {
      if (this.#seen.size < this.#most) this.#seen.add(id);
      else this.#unremembered ??= at;
    }
  }

  addTo(batch: EntryBatch): void {
    if (this.#unremembered !== undefined) {
      const message = `observations refer to more than ${this.#most} objects; no observable of the bundle is taken for an indicator`;
      batch.problem('limit-reached', this.#unremembered, message);
      return;
    }
    for (const { id, entries } of this.#waiting) if (!this.#seen.has(id)) batch.indicators.push(...entries);
    if (this.#leftOut === undefined) return;
    batch.problem('limit-reached', this.#leftOut, `more than ${this.#most} observables; the later ones were left out`);
  }
}
