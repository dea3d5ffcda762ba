import type { Tampering } from './tampering.ts';

/** Less is what a time server mends. */
const leastMs = 5000;
const hourMs = 3_600_000;

/** The clock of the machine, held against the one that nobody sets. Evidence carries its time, and what is old is forgotten by it. */
export class GuardedClock {
  #before: number | undefined;

  /** `wallMs` since 1970; `uptimeMs` since the machine started, with the time that it slept. */
  *look(wallMs: number, uptimeMs: number): Generator<Tampering> {
    const offset = wallMs - uptimeMs;
    const moved = this.#before === undefined ? 0 : offset - this.#before;
    this.#before = offset;
    if (Math.abs(moved) < leastMs) return;
    const how = `${moved < 0 ? 'back' : 'forward'} by ${Math.round(Math.abs(moved) / 1000)} s`;
    yield {
      rule: 'clock-set',
      title: 'Clock set while the watch ran',
      severity: Math.abs(moved) < hourMs ? 'low' : 'medium',
      message: `the clock was set ${how}: times of events do not follow each other, and what is kept for so many days is reckoned by it`,
    };
  }
}
