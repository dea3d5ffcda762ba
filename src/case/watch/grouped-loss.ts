/** What a sensor loses under load comes in many small parts: the first is told at once, and what follows together, with its sum. */
export class GroupedLoss {
  readonly #tell: (count: number, message: string) => void;
  readonly #everyMs: number;
  readonly #signal: AbortSignal;
  #timer: NodeJS.Timeout | undefined;
  #waiting: { count: number; times: number; message: string } | undefined;

  /** What waits when the signal comes is told then. */
  constructor(tell: (count: number, message: string) => void, everyMs: number, signal: AbortSignal) {
    this.#tell = tell;
    this.#everyMs = everyMs;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  add(count: number, message: string): void {
    if (this.#timer === undefined) {
      this.#tell(count, message);
      if (!this.#signal.aborted) this.#begin();
      return;
    }
    const { count: sum, times } = this.#waiting ?? { count: 0, times: 0 };
    this.#waiting = { count: sum + count, times: times + 1, message };
  }

  #begin(): void {
    this.#timer = setTimeout(() => this.#end(), this.#everyMs).unref();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    const { count, times, message } = waiting;
    this.#tell(count, times === 1 ? message : `${message}; the last of ${times} losses`);
    if (!this.#signal.aborted) this.#begin();
  }
}
