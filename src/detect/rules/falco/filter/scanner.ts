import { FilterError, type Position } from './ast.ts';
import { unescapeQuoted } from './escaping.ts';

const blank = /[ \t\b\r\n]+/y;
const identifier = /[a-zA-Z][a-zA-Z0-9_]*/y;
const fieldName = /[a-zA-Z][a-zA-Z0-9_]*(?:\.[a-zA-Z][a-zA-Z0-9_]*)+/y;
const fieldArgument = /[^\][\s"']+/y;
const hexNumber = /0[xX][0-9a-zA-Z]+/y;
const decimalNumber = /[+-]?[0-9]+\.?[0-9]*(?:[eE][+-][0-9]+)?/y;
const bareText = /[^()\s"'=,]+/y;
const negation = /not\s+/y;

/** Tokens of a condition, one at a time, as the parser asks for them; each that is there is consumed. */
export class Scanner {
  readonly #input: string;
  #index = 0;
  #line = 1;
  #lineStart = 0;
  #last = '';

  constructor(input: string) {
    this.#input = input;
  }

  position(): Position {
    return { index: this.#index, line: this.#line, column: this.#index - this.#lineStart + 1 };
  }

  /** The last token that was read; blanks do not count. */
  get last(): string {
    return this.#last;
  }

  get isAtEnd(): boolean {
    return this.#index >= this.#input.length;
  }

  /** True when the character before is a blank. */
  get isAfterBlank(): boolean {
    return this.#index > 0 && ' \t\b\r\n'.includes(this.#input.charAt(this.#index - 1));
  }

  /** What follows, for a look ahead of bounded length. */
  peek(length: number): string {
    return this.#input.slice(this.#index, this.#index + length);
  }

  blank(): boolean {
    blank.lastIndex = this.#index;
    if (!blank.test(this.#input)) return false;
    this.#moveTo(blank.lastIndex);
    return true;
  }

  /** Exactly this text. */
  text(text: string): boolean {
    if (!this.#input.startsWith(text, this.#index)) return false;
    this.#take(this.#index + text.length);
    return true;
  }

  /** The first of these texts that stands here. */
  oneOf<T extends string>(texts: readonly T[]): T | undefined {
    return texts.find((text) => this.text(text));
  }

  identifier(): boolean {
    return this.#pattern(identifier);
  }
  fieldName(): boolean {
    return this.#pattern(fieldName);
  }
  fieldArgument(): boolean {
    return this.#pattern(fieldArgument);
  }
  number(): boolean {
    return this.#pattern(hexNumber) || this.#pattern(decimalNumber);
  }
  bareText(): boolean {
    return this.#pattern(bareText);
  }
  /** `not` with the blanks after it. */
  negation(): boolean {
    return this.#pattern(negation);
  }

  /** A text in single or double quotes; `last` is what it stands for. A quote after a backslash does not end it. */
  quoted(): boolean {
    const quote = this.#input.charAt(this.#index);
    if (quote !== '"' && quote !== "'") return false;
    let end = this.#index;
    do end = this.#input.indexOf(quote, end + 1);
    while (end >= 0 && this.#input.charAt(end - 1) === '\\');
    if (end < 0) {
      this.#last = this.#input.slice(this.#index);
      return false;
    }
    this.#take(end + 1);
    const text = unescapeQuoted(this.#last);
    if (typeof text !== 'string') throw new FilterError(text.fault, this.position());
    this.#last = text;
    return true;
  }

  #pattern(pattern: RegExp): boolean {
    pattern.lastIndex = this.#index;
    if (!pattern.test(this.#input)) return false;
    this.#take(pattern.lastIndex);
    return true;
  }

  #take(end: number): void {
    this.#last = this.#input.slice(this.#index, end);
    this.#moveTo(end);
  }

  #moveTo(end: number): void {
    for (let index = this.#index; index < end; index++) {
      const code = this.#input.charCodeAt(index);
      if (code !== 10 && code !== 13) continue;
      this.#line++;
      this.#lineStart = index + 1;
    }
    this.#index = end;
  }
}
