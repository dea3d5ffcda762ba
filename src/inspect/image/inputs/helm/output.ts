import type { Budget } from './budget.ts';

/** What a template writes, and from which of its lines each line came. */
export class Output {
  readonly #budget: Budget;
  readonly #chunks: string[] = [];
  readonly #lines: number[] = [];
  #isLineOpen = false;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Text of the template itself, which begins on a line of it. */
  writeText(text: string, line: number): void {
    this.#add(text, line, 1);
  }

  /** What an action on this line made. */
  write(text: string, line: number): void {
    this.#add(text, line, 0);
  }

  #add(text: string, line: number, step: 0 | 1): void {
    if (text === '') return;
    this.#budget.spend(1 + (text.length >> 8));
    this.#chunks.push(text);
    let at = line;
    if (!this.#isLineOpen) this.#lines.push(at);
    for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) {
      at += step;
      if (feed + 1 < text.length) this.#lines.push(at);
    }
    this.#isLineOpen = !text.endsWith('\n');
  }

  get text(): string {
    return this.#budget.text(this.#chunks.join(''));
  }

  /** The line of the template that a line of the text came from; both count from 1. */
  lineOf(line: number): number {
    return this.#lines[line - 1] ?? this.#lines.at(-1) ?? 1;
  }
}
