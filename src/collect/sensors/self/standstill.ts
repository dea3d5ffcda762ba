import type { Tampering } from './guard.ts';

/** A busy machine may keep a look waiting for so long. */
const patienceMs = 10_000;
/** What no load explains. */
const longMs = 30_000;

/** Whether the watch was held: a process that is stopped (SIGSTOP) or frozen does not look, and nothing else tells of it when it goes on. */
export class Standstill {
  readonly #everyMs: number;
  #lookedAtMs: number | undefined;

  /** `everyMs`: how often it looks. */
  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** To be called at each look, with monotonic milliseconds and those since 1970. A machine that sleeps has a monotonic clock that sleeps too. */
  *look(monotonicMs: number, wallMs: number): Generator<Tampering> {
    const heldMs = monotonicMs - (this.#lookedAtMs ?? monotonicMs) - this.#everyMs;
    this.#lookedAtMs = monotonicMs;
    if (heldMs < patienceMs) return;
    const [from, to] = [wallMs - heldMs, wallMs].map((ms) => new Date(ms).toISOString());
    const message = `from ${from} to ${to} the watch did not run: it was stopped or frozen (SIGSTOP, a control group), or the machine had no time for it; what happened meanwhile is seen as far as buffers held it`;
    yield { rule: 'watch-held', title: 'Watch held', severity: heldMs < longMs ? 'low' : 'medium', message };
  }
}
