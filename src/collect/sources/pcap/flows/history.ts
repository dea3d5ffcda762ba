/** Distinct histories that are kept apart, and letters of one: hostile traffic could make any number. */
const maxNodes = 65_536;
const maxDepth = 60;
const alphabet = 64;

/**
 * Connection histories as nodes of a tree: a flow keeps one number, and adding a letter is one look-up. Few histories exist in
 * real traffic. Letters are ASCII between `@` and DEL.
 */
export class HistoryTree {
  #next = new Int32Array(1024 * alphabet);
  readonly #texts: string[] = [''];

  /** The history that `letter` (a character code) makes of another; the same one where a bound is reached. */
  add(history: number, letter: number): number {
    const slot = history * alphabet + (letter & 63);
    const known = this.#next[slot] ?? 0;
    if (known !== 0) return known;
    const text = this.text(history);
    const node = this.#texts.length;
    if (node >= maxNodes || text.length >= maxDepth) return history;
    if ((node + 1) * alphabet > this.#next.length) {
      const larger = new Int32Array(2 * this.#next.length);
      larger.set(this.#next);
      this.#next = larger;
    }
    this.#texts.push(text + String.fromCharCode(letter));
    this.#next[slot] = node;
    return node;
  }

  text(history: number): string {
    return this.#texts[history] ?? '';
  }
}
