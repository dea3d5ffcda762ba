/** Watches counters that a sensor writes from its start on, and tells how far each went since it was written before. */
export class CounterWatch {
  readonly #last = new Map<string, number>();

  /** How much more than before; a smaller count is that of a sensor that was started anew. */
  more(name: string, count: number): number {
    const before = this.#last.get(name) ?? 0;
    this.#last.set(name, count);
    return count >= before ? count - before : count;
  }
}
