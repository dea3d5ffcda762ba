/** Share of the time that a judgement may take. */
const judgeShare = 0.1;

export interface PaceOptions {
  /** Between two judgements when something is pressing. */
  readonly pressingMs: number;
  /** Otherwise: nobody was alarmed, and little has come. */
  readonly calmMs: number;
  /** So many events are pressing though nobody was alarmed. */
  readonly manyEvents: number;
}

/**
 * When a judgement is due: not before something came, soon when it is pressing, and never so often that it would take more than its share of
 * the time. Few events that alarmed nobody wait for more, so that a machine at rest is left at rest.
 */
export class Pace {
  readonly #options: PaceOptions;
  #events = 0;
  #isPressing = false;
  #judgedAtMs: number | undefined;
  #tookMs = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** What came in since the last judgement began; somebody was told of an alert in it. */
  add(events: number, isPressing: boolean): void {
    this.#events += events;
    this.#isPressing ||= isPressing;
  }

  /** A judgement begins: what comes from now on is for the next. */
  begin(): void {
    this.#events = 0;
    this.#isPressing = false;
  }

  judged(startedMs: number, endedMs: number): void {
    this.#judgedAtMs = endedMs;
    this.#tookMs = endedMs - startedMs;
  }

  isDue(nowMs: number): boolean {
    if (this.#events === 0) return false;
    const { pressingMs, calmMs, manyEvents } = this.#options;
    const everyMs = this.#isPressing || this.#events >= manyEvents ? pressingMs : calmMs;
    return nowMs >= (this.#judgedAtMs ?? -Infinity) + Math.max(everyMs, this.#tookMs / judgeShare);
  }
}
