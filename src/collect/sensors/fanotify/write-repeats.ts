import type { FileChange } from './rows.ts';

/** How long a process that writes a file again and again is told once. */
const quietMs = 10_000;
const maxKnown = 10_000;

/** Writes of one process to one file: the first is told at once, and what stands there when it is closed. */
export class WriteRepeats {
  readonly #told = new Map<string, number>();

  isRepeat(pid: number, { path, isWhole }: FileChange): boolean {
    const key = `${pid} ${isWhole === true ? 'whole' : 'part'} ${path}`;
    const now = performance.now();
    const before = this.#told.get(key);
    if (before !== undefined && now - before < quietMs) return true;
    this.#told.delete(key);
    this.#told.set(key, now);
    if (this.#told.size > maxKnown) this.#told.delete(this.#told.keys().next().value ?? '');
    return false;
  }
}
