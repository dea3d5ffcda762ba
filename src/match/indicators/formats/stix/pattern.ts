import { tokenise, type Token } from './tokens.ts';

/** One test: `file:hashes.MD5 = '…'`, `domain-name:value IN ('a', 'b')`. */
export interface Comparison {
  readonly type: 'comparison';
  readonly path: string;
  readonly operator: string;
  readonly isNegated: boolean;
  readonly values: readonly string[];
}
export interface Group {
  readonly type: 'and' | 'or';
  readonly parts: readonly Expression[];
}
/** Two observations that must both be seen, or one with a qualifier: more than one value can say. */
export interface Beyond {
  readonly type: 'beyond';
  readonly what: string;
}
export type Expression = Comparison | Group | Beyond;

/** Deepest nesting of brackets, and most tests, that are read. */
const maxDepth = 20;
const maxComparisons = 2000;

class PatternError extends Error {}

/**
 * The tree of a STIX 2.1 pattern: tests joined by AND and OR inside observations, and observations joined by OR.
 * What needs more than one observation becomes `beyond`. Undefined when the text is no pattern.
 */
export function parsePattern(pattern: string): Expression | undefined {
  const tokens = tokenise(pattern);
  if (tokens === undefined || tokens.length === 0) return undefined;
  try {
    const parser = new Parser(tokens);
    const expression = parser.observations(0);
    return parser.isAtEnd() ? expression : undefined;
  } catch (error) {
    if (error instanceof PatternError) return undefined;
    throw error;
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #comparisons = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  observations(depth: number): Expression {
    const parts = [this.#observation(depth)];
    let beyond: string | undefined;
    for (;;) {
      if (this.#takeWord('OR')) parts.push(this.#observation(depth));
      else if (this.#takeWord('AND') || this.#takeWord('FOLLOWEDBY')) {
        beyond = 'two observations that must both be seen';
        parts.push(this.#observation(depth));
      } else break;
    }
    if (beyond !== undefined) return { type: 'beyond', what: beyond };
    return groupOf('or', parts);
  }

  #observation(depth: number): Expression {
    if (depth > maxDepth) throw new PatternError('too deep');
    let inner: Expression;
    if (this.#takeMark('(')) {
      inner = this.observations(depth + 1);
      this.#expectMark(')');
    } else {
      this.#expectMark('[');
      inner = this.#either(depth + 1);
      this.#expectMark(']');
    }
    return this.#takeQualifiers() ? { type: 'beyond', what: 'a qualifier (WITHIN, REPEATS, START)' } : inner;
  }

  #takeQualifiers(): boolean {
    const start = this.#at;
    for (;;) {
      if (this.#takeWord('WITHIN')) this.#skipUntil('SECONDS');
      else if (this.#takeWord('REPEATS')) this.#skipUntil('TIMES');
      else if (this.#takeWord('START')) {
        this.#skipUntil('STOP');
        this.#at++;
      } else return this.#at > start;
    }
  }

  #skipUntil(word: string): void {
    this.#at++;
    if (!this.#takeWord(word)) throw new PatternError('qualifier');
  }

  #either(depth: number): Expression {
    const parts = [this.#both(depth)];
    while (this.#takeWord('OR')) parts.push(this.#both(depth));
    return groupOf('or', parts);
  }

  #both(depth: number): Expression {
    const parts = [this.#test(depth)];
    while (this.#takeWord('AND')) parts.push(this.#test(depth));
    return groupOf('and', parts);
  }

  #test(depth: number): Expression {
    if (depth > maxDepth || ++this.#comparisons > maxComparisons) throw new PatternError('too deep');
    if (this.#takeMark('(')) {
      const inner = this.#either(depth + 1);
      this.#expectMark(')');
      return inner;
    }
    const isEarlyNot = this.#takeWord('NOT');
    if (this.#takeWord('EXISTS')) {
      return { type: 'comparison', path: this.#take('path'), operator: 'EXISTS', isNegated: isEarlyNot, values: [] };
    }
    const path = this.#take('path');
    const isNegated = this.#takeWord('NOT') || isEarlyNot;
    const operator = this.#tokens[this.#at++]?.text ?? '';
    const values = operator === 'IN' ? this.#list() : [this.#literal()];
    return { type: 'comparison', path, operator, isNegated, values };
  }

  #list(): string[] {
    this.#expectMark('(');
    const values = [this.#literal()];
    while (this.#takeMark(',')) values.push(this.#literal());
    this.#expectMark(')');
    return values;
  }

  #literal(): string {
    const token = this.#tokens[this.#at++];
    if (token?.type !== 'string' && token?.type !== 'word') throw new PatternError('literal');
    return token.text;
  }

  #take(type: Token['type']): string {
    const token = this.#tokens[this.#at++];
    if (token?.type !== type) throw new PatternError(type);
    return token.text;
  }

  #takeWord(word: string): boolean {
    return this.#takeToken('word', word);
  }

  #takeMark(mark: string): boolean {
    return this.#takeToken('mark', mark);
  }

  #takeToken(type: Token['type'], text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.type !== type || token.text !== text) return false;
    this.#at++;
    return true;
  }

  #expectMark(mark: string): void {
    if (!this.#takeMark(mark)) throw new PatternError(mark);
  }
}

function groupOf(type: 'and' | 'or', parts: readonly Expression[]): Expression {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { type, parts };
}
