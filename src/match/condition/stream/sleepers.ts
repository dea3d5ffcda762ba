import { maxTriggers } from './choose-triggers.ts';

const triggerBits = Math.log2(maxTriggers);

/** Of a rule and one of its triggers, as one number. */
export function wakerOf(rule: number, trigger: number): number {
  return rule * maxTriggers + trigger;
}

/** Rules that wait for their triggers, and those that have seen all of them in the record at hand. */
export class Sleepers {
  /** For each rule a bit for each of its triggers: all, and those that were seen. */
  readonly #wanted: Uint8Array;
  readonly #seen: Uint8Array;
  /** Rules that are awake, `count` of them. */
  readonly awake: Int32Array;
  count = 0;

  /** `triggers`: how many each rule waits for. */
  constructor(triggers: readonly number[]) {
    this.#wanted = Uint8Array.from(triggers, (count) => (1 << count) - 1);
    this.#seen = new Uint8Array(triggers.length);
    this.awake = new Int32Array(triggers.length);
  }

  reset(): void {
    this.#seen.fill(0);
    this.count = 0;
  }

  /** Takes what a literal wakes (`wakerOf`); the same may come again. */
  wake(list: Int32Array): void {
    const [seen, wanted] = [this.#seen, this.#wanted];
    for (let at = 0; at < list.length; at++) {
      const waker = list[at] ?? 0;
      const rule = waker >> triggerBits;
      const before = seen[rule] ?? 0;
      const after = before | (1 << (waker & (maxTriggers - 1)));
      if (after === before) continue;
      seen[rule] = after;
      if (after === wanted[rule]) this.awake[this.count++] = rule;
    }
  }
}
