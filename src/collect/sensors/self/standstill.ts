import { readFileSync } from 'node:fs';
import type { Tampering } from './tampering.ts';

/** A busy disk may keep a look waiting for so long. */
const patienceMs = 10_000;
/** What no load explains. */
const longMs = 30_000;

/** Whether the watch was held: a process that is stopped (SIGSTOP) or frozen does not look, and nothing else tells of it when it goes on. */
export class Standstill {
  readonly #everyMs: number;
  #last: { readonly atMs: number; readonly busyMs: number } | undefined;

  /** `everyMs`: how often it looks. */
  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /**
   * To be called at each look, with monotonic milliseconds, those since 1970, and those that its thread has computed or waited for a processor: a
   * judgement on a busy machine holds nobody. A machine that sleeps has a monotonic clock that sleeps too.
   */
  *look(monotonicMs: number, wallMs: number, busyMs: number): Generator<Tampering> {
    const last = this.#last ?? { atMs: monotonicMs, busyMs };
    this.#last = { atMs: monotonicMs, busyMs };
    const heldMs = monotonicMs - last.atMs - this.#everyMs - (busyMs - last.busyMs);
    if (heldMs < patienceMs) return;
    const [from, to] = [wallMs - heldMs, wallMs].map((ms) => new Date(ms).toISOString());
    const message = `from ${from} to ${to} the watch did not run: it was stopped or frozen (SIGSTOP, a control group); what happened meanwhile is seen as far as buffers held it`;
    yield { rule: 'watch-held', title: 'Watch held', severity: heldMs < longMs ? 'low' : 'medium', message };
  }
}

/** Milliseconds that this thread has computed, and waited for a processor, also because its control group had none left; 0 where the kernel does not count. */
export function busyMs(): number {
  try {
    const [ran, waited] = readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ');
    return (Number(ran) + Number(waited)) / 1e6;
  } catch {
    return 0;
  }
}
