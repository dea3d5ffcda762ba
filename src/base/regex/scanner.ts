import { PatternSyntaxError } from './syntax.ts';

/** A pattern's characters and the place in them. */
export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The next code point, or -1 at the end. */
  peek(): number {
    return this.text.codePointAt(this.at) ?? -1;
  }

  next(): number {
    const point = this.peek();
    this.at += point > 0xffff ? 2 : 1;
    return point;
  }

  looksAt(part: string): boolean {
    return this.text.startsWith(part, this.at);
  }

  take(part: string): boolean {
    if (!this.looksAt(part)) return false;
    this.at += part.length;
    return true;
  }

  /** What the sticky expression matches here, its place moved on. */
  takeMatch(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.at;
    const match = expression.exec(this.text);
    if (match === null) return undefined;
    this.at += match[0].length;
    return match;
  }

  fail(message: string, at = this.at): never {
    throw new PatternSyntaxError(message, at);
  }
}
