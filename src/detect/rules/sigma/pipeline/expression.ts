import type { YamlPlace } from '../../../../base/yaml-tree.ts';
import { SigmaError } from '../error.ts';

/** A boolean expression over named conditions: `a and not (b or c)`. */
export type Expression =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'not'; readonly of: Expression }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] };

const code = 'SigmaPipelineConditionError';
/** Parentheses and `not` inside each other. */
const maxDepth = 50;

/** Reads an expression of which every name must be one of `names`, and that must use all of them, as pySigma wants. */
export function parseExpression(text: string, names: ReadonlySet<string>, at: YamlPlace): Expression {
  const parser = new Parser(text, at);
  const expression = parser.whole();
  for (const name of parser.used) {
    if (!names.has(name)) throw new SigmaError(code, `the condition "${name}" is not there, in "${text}"`, at);
  }
  const unused = [...names].filter((name) => !parser.used.has(name));
  if (unused.length === 0) return expression;
  throw new SigmaError(code, `"${text}" does not use the conditions ${unused.join(', ')}`, at);
}

/** Whether an expression holds, asking for each name. */
export function holds(expression: Expression, ask: (name: string) => boolean): boolean {
  switch (expression.kind) {
    case 'name':
      return ask(expression.name);
    case 'not':
      return !holds(expression.of, ask);
    case 'and':
      return expression.of.every((one) => holds(one, ask));
    case 'or':
      return expression.of.some((one) => holds(one, ask));
  }
}

class Parser {
  readonly used = new Set<string>();
  readonly #text: string;
  readonly #at: YamlPlace;
  readonly #tokens: readonly string[];
  #next = 0;
  #depth = 0;

  constructor(text: string, at: YamlPlace) {
    this.#text = text;
    this.#at = at;
    this.#tokens = text.match(/[\w-]+|\S/g) ?? [];
  }

  whole(): Expression {
    const expression = this.#or();
    if (this.#next < this.#tokens.length) this.#fail();
    return expression;
  }

  #or(): Expression {
    return this.#chain('or', () => this.#chain('and', () => this.#not()));
  }

  #chain(kind: 'and' | 'or', operand: () => Expression): Expression {
    const first = operand();
    const of = [first];
    while (this.#take(kind)) of.push(operand());
    return of.length === 1 ? first : { kind, of };
  }

  #not(): Expression {
    if (++this.#depth > maxDepth) throw new SigmaError(code, `more than ${maxDepth} levels in an expression`, this.#at);
    try {
      if (this.#take('not')) return { kind: 'not', of: this.#not() };
      if (!this.#take('(')) return this.#name();
      const inner = this.#or();
      if (!this.#take(')')) this.#fail();
      return inner;
    } finally {
      this.#depth--;
    }
  }

  #name(): Expression {
    const name = this.#tokens[this.#next] ?? '';
    if (!/^[\w-]+$/.test(name) || name === 'and' || name === 'or') this.#fail();
    this.#next++;
    this.used.add(name);
    return { kind: 'name', name };
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#next] !== token) return false;
    this.#next++;
    return true;
  }

  #fail(): never {
    const token = this.#tokens[this.#next];
    const where = token === undefined ? 'its end' : `"${token}"`;
    throw new SigmaError(code, `"${this.#text}" cannot be understood at ${where}`, this.#at);
  }
}
