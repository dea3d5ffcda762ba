import type { Wake } from './text-scan.ts';

/** Texts that are remembered at most, and the longest: together some hundred kilobytes for a field. */
const maxTexts = 1024;
const longestText = 256;
/** After so many texts it is asked whether at least half were known; where not, the next ones are not looked up. */
const trial = 1024;
const rest = 1 << 16;

/**
 * Remembers what the texts of a field wake: paths of programs, users and products come again and again, and need no second scan. A field
 * whose texts hardly come again is left alone.
 */
export class WakeMemo {
  readonly #wake: Wake;
  readonly #known = new Map<string, Int32Array>();
  /** The text that is scanned and what it woke so far. */
  #text: string | undefined;
  readonly #woken = new Set<number>();
  #tried = 0;
  #hits = 0;
  #resting = 0;

  constructor(wake: Wake) {
    this.#wake = wake;
  }

  /** Wakes what the text woke before; false for one that must be scanned with `wake`, and `end` called behind it. */
  recall(text: string): boolean {
    if (this.#resting > 0) {
      this.#resting--;
      return false;
    }
    if (text.length > longestText) return false;
    if (++this.#tried === trial) this.#judge();
    const list = this.#known.get(text);
    if (list === undefined) {
      this.#text = text;
      return false;
    }
    this.#hits++;
    if (list.length > 0) this.#wake(list);
    return true;
  }

  readonly wake: Wake = (list) => {
    this.#wake(list);
    if (this.#text !== undefined) for (const waker of list) this.#woken.add(waker);
  };

  end(): void {
    if (this.#text === undefined) return;
    if (this.#known.size >= maxTexts) this.#known.clear();
    this.#known.set(this.#text, Int32Array.from(this.#woken));
    this.#woken.clear();
    this.#text = undefined;
  }

  #judge(): void {
    if (this.#hits < trial / 2) {
      this.#known.clear();
      this.#resting = rest;
    }
    this.#tried = 0;
    this.#hits = 0;
  }
}
