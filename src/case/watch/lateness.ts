/** Later than this is what is told no more than news of some time ago. */
const lateMs = 10_000;
/** So long everything must come late before it is told: a burst is read within it. */
const lastingMs = 10_000;
/** What is later than an hour is the clock's doing, or was recorded long ago. */
const believableMs = 3_600_000;

export type LatenessChange = { readonly isLate: true; readonly seconds: number } | { readonly isLate: false };

/**
 * How far a watch is behind what its own sensors record: with too little processor (a control group, a machine that does more than it can) alerts
 * come late, and nothing else says so.
 */
export class Lateness {
  #lateSinceMs: number | undefined;
  #isTold = false;

  /** `ageMs`: of the newest event of a look, when it was read. `clockMs` is monotonic. */
  see(ageMs: number, clockMs: number): LatenessChange | undefined {
    if (ageMs < lateMs || ageMs > believableMs) {
      this.#lateSinceMs = undefined;
      if (!this.#isTold || ageMs > believableMs) return undefined;
      this.#isTold = false;
      return { isLate: false };
    }
    this.#lateSinceMs ??= clockMs;
    if (this.#isTold || clockMs - this.#lateSinceMs < lastingMs) return undefined;
    this.#isTold = true;
    return { isLate: true, seconds: Math.round(ageMs / 1000) };
  }
}
