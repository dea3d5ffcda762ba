import type { YamlPlace } from '../../../../base/yaml-tree.ts';
import { nearest } from '../../../../base/nearest.ts';
import { SigmaError } from '../error.ts';
import type { Search } from '../model.ts';

/** Official conditions have less than 500 characters; the bounds keep hostile ones from costing time or the stack. */
const maxLength = 100_000;
const maxDepth = 100;
/** Identifiers that selectors may stand for, all together: a thousand `1 of them` over a thousand searches is a million. */
const maxSelected = 100_000;
const quantifiers: ReadonlySet<string> = new Set(['1', 'any', 'all']);
const reserved: ReadonlySet<string> = new Set(['and', 'or', 'not', 'of', 'them']);

interface Token {
  readonly text: string;
  /** Characters before it. */
  readonly offset: number;
}

/**
 * Parses a condition: `or` binds least, then `and`, `not`, `1 of pattern`, parentheses. Selectors become the identifiers
 * they stand for; those that begin with `_` only when the pattern does. Operators are lower case.
 */
export function parseCondition(text: string, identifiers: Iterable<string>, at: YamlPlace): Search {
  if (text.length > maxLength) {
    throw new SigmaError('SigmaConditionError', `the condition is longer than ${maxLength} characters`, at);
  }
  return new ConditionParser(text, [...identifiers], at).parse();
}

class ConditionParser {
  readonly #tokens: readonly Token[];
  readonly #names: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #at: YamlPlace;
  #next = 0;
  #depth = 0;
  #selected = 0;

  constructor(text: string, names: readonly string[], at: YamlPlace) {
    this.#tokens = Array.from(text.matchAll(/[()]|[^\s()]+/g), (match) => ({ text: match[0], offset: match.index }));
    this.#names = names;
    this.#known = new Set(names);
    this.#at = at;
  }

  parse(): Search {
    if (this.#tokens.length === 0) this.#fail('the condition is empty');
    const pipe = this.#tokens.find((token) => token.text.startsWith('|'));
    if (pipe !== undefined) {
      this.#fail('aggregation behind "|" is no longer part of Sigma: write a correlation rule', pipe);
    }
    const search = this.#or();
    const rest = this.#tokens[this.#next];
    if (rest === undefined) return search;
    this.#fail(rest.text === ')' ? 'a parenthesis closes that was not opened' : this.#unexpected(rest), rest);
  }

  #fail(message: string, token?: Token): never {
    const where = token === undefined ? '' : ` (character ${token.offset + 1})`;
    throw new SigmaError('SigmaConditionError', `${message}${where}`, this.#at);
  }

  #unexpected(token: Token): string {
    const upper = ['AND', 'OR', 'NOT'].includes(token.text) ? '; operators are lower case' : '';
    return `${JSON.stringify(token.text)} was not expected here${upper}`;
  }

  #take(text: string): boolean {
    if (this.#tokens[this.#next]?.text !== text) return false;
    this.#next++;
    return true;
  }

  #or(): Search {
    return this.#chain('or', () => this.#chain('and', () => this.#not()));
  }

  #chain(kind: 'and' | 'or', read: () => Search): Search {
    const first = read();
    if (this.#tokens[this.#next]?.text !== kind) return first;
    const of = [first];
    while (this.#take(kind)) of.push(read());
    return { kind, of };
  }

  #not(): Search {
    let isNegated = false;
    while (this.#take('not')) isNegated = !isNegated;
    const of = this.#primary();
    return isNegated ? { kind: 'not', of } : of;
  }

  #primary(): Search {
    const token = this.#tokens[this.#next++];
    if (token === undefined) return this.#fail('the condition ends where a search was expected');
    if (token.text === '(') return this.#parenthesis(token);
    const following = this.#tokens[this.#next];
    if (following?.text === 'of') return this.#selector(token);
    if (token.text === ')' || reserved.has(token.text)) this.#fail(this.#unexpected(token), token);
    if (this.#known.has(token.text)) return { kind: 'identifier', name: token.text };
    const near = nearest(token.text, this.#names);
    const hint = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
    return this.#fail(`the detection has no ${JSON.stringify(token.text)}${hint}`, token);
  }

  #parenthesis(open: Token): Search {
    if (++this.#depth > maxDepth) this.#fail(`parentheses are nested deeper than ${maxDepth}`, open);
    const search = this.#or();
    if (!this.#take(')')) this.#fail('a parenthesis is not closed', open);
    this.#depth--;
    return search;
  }

  #selector(quantifier: Token): Search {
    if (!quantifiers.has(quantifier.text)) {
      this.#fail(`only "1 of", "any of" and "all of" are known, not "${quantifier.text} of"`, quantifier);
    }
    this.#next++;
    const pattern = this.#tokens[this.#next++];
    if (pattern === undefined || pattern.text === '(' || pattern.text === ')') {
      this.#fail('"of" needs "them" or a pattern of search identifiers', pattern ?? quantifier);
    }
    const names = this.#namesFor(pattern.text);
    this.#selected += names.length;
    if (this.#selected > maxSelected) this.#fail(`selectors stand for more than ${maxSelected} searches`, pattern);
    const of = names.map((name): Search => ({ kind: 'identifier', name }));
    const [only] = of;
    if (only === undefined) this.#fail(`no search identifier fits ${JSON.stringify(pattern.text)}`, pattern);
    return of.length === 1 ? only : { kind: quantifier.text === 'all' ? 'and' : 'or', of };
  }

  #namesFor(pattern: string): string[] {
    const visible = this.#names.filter((name) => pattern.startsWith('_') || !name.startsWith('_'));
    return pattern === 'them' ? visible : visible.filter((name) => fits(name, pattern.split('*')));
  }
}

/** Whether a name is the pieces in order with anything between them. */
function fits(name: string, pieces: readonly string[]): boolean {
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, from);
    if (found < 0) return false;
    from = found + piece.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
