/** How long what is done again and again is told once. */
const quietMs = 10_000;
const maxKnown = 10_000;

/** What one process does to one file again and again, such as writing a log: told once in a while. */
export class Repeats {
  readonly #told = new Map<string, number>();

  /** Whether it was told not long ago; else it counts as told now. */
  isRepeat(pid: number, what: string, path: string): boolean {
    const key = `${pid} ${what} ${path}`;
    const now = performance.now();
    const before = this.#told.get(key);
    if (before !== undefined && now - before < quietMs) return true;
    this.#told.delete(key);
    this.#told.set(key, now);
    if (this.#told.size > maxKnown) this.#told.delete(this.#told.keys().next().value ?? '');
    return false;
  }
}
