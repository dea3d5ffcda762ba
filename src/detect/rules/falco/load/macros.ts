import type { Expression, Position } from '../filter/ast.ts';
import { LoadError, type Context } from './context.ts';
import type { MacroItem } from './items.ts';

/** Checks in a condition, and depth of it, when its macros are written out. */
const maxSize = 1_000_000;
const maxDepth = 2000;
/** Macros inside of macros that are not resolved yet. */
const maxNesting = 50;

/** A macro name that cannot be resolved, with its place in the condition that was asked for. */
class UnresolvedError extends Error {
  readonly at: Position;

  constructor(message: string, at: Position) {
    super(message);
    this.at = at;
  }
}

/**
 * Puts macros into conditions as parsed expressions. A macro sees those that were defined before it was last changed,
 * rules see all. Expressions are shared, not copied, so macros of macros cost nothing until they are written out.
 */
export class MacroResolver {
  readonly used = new Set<string>();
  readonly #items: ReadonlyMap<string, MacroItem>;
  readonly #parsed: ReadonlyMap<string, Expression>;
  readonly #resolved = new Map<string, Expression>();
  /** Macros that were written out for the condition at hand, before their own turn came. */
  readonly #ahead = new Map<string, Expression>();
  readonly #extents = new Map<Expression, { readonly size: number; readonly depth: number }>();

  constructor(items: ReadonlyMap<string, MacroItem>, parsed: ReadonlyMap<string, Expression>) {
    this.#items = items;
    this.#parsed = parsed;
  }

  /** Resolves every macro in the order of its definition. Throws `LoadError` for the first that cannot be. */
  resolveAll(): void {
    for (const [name, item] of this.#items) {
      const expression = this.#parsed.get(name);
      if (expression === undefined) continue;
      this.#resolved.set(name, this.resolve(expression, item.condition, item.context, item.visibility, [name]));
    }
  }

  /** An expression without macros. `visibility` bounds which macros are seen. */
  resolve(
    expression: Expression,
    condition: string,
    context: Context,
    visibility = Number.POSITIVE_INFINITY,
    path: readonly string[] = [],
  ): Expression {
    this.#ahead.clear();
    try {
      const resolved = this.#replace(expression, visibility, path);
      const { size, depth } = this.#extentOf(resolved);
      if (size > maxSize || depth > maxDepth) {
        const what = size > maxSize ? `${maxSize} checks` : `${maxDepth} levels`;
        throw new UnresolvedError(`Condition grows past ${what} when its macros are written out`, expression.at);
      }
      return resolved;
    } catch (error) {
      if (!(error instanceof UnresolvedError)) throw error;
      throw new LoadError('LOAD_ERR_VALIDATE', error.message, context.inCondition(error.at, condition));
    }
  }

  #replace(expression: Expression, visibility: number, path: readonly string[]): Expression {
    switch (expression.kind) {
      case 'identifier':
        return this.#macro(expression.name, expression.at, visibility, path);
      case 'not': {
        const of = this.#replace(expression.of, visibility, path);
        return of === expression.of ? expression : { ...expression, of };
      }
      case 'and':
      case 'or': {
        const of = expression.of.map((member) => this.#replace(member, visibility, path));
        return of.every((member, index) => member === expression.of[index]) ? expression : { ...expression, of };
      }
      case 'exists':
      case 'check':
        return expression;
    }
  }

  #macro(name: string, at: Position, visibility: number, path: readonly string[]): Expression {
    const item = this.#items.get(name);
    const parsed = this.#parsed.get(name);
    if (item === undefined || parsed === undefined || item.index >= visibility) {
      throw new UnresolvedError(`Undefined macro '${name}' used in filter.`, at);
    }
    if (path.includes(name)) throw new UnresolvedError(`reference loop in macro '${name}'`, at);
    if (path.length > maxNesting) throw new UnresolvedError(`macros are nested deeper than ${maxNesting}`, at);
    this.used.add(name);
    const done = this.#resolved.get(name) ?? this.#ahead.get(name);
    if (done !== undefined) return done;
    try {
      const resolved = this.#replace(parsed, visibility, [...path, name]);
      this.#ahead.set(name, resolved);
      return resolved;
    } catch (error) {
      // The place that counts is that of the outermost name.
      throw error instanceof UnresolvedError ? new UnresolvedError(error.message, at) : error;
    }
  }

  #extentOf(expression: Expression): { readonly size: number; readonly depth: number } {
    const known = this.#extents.get(expression);
    if (known !== undefined) return known;
    let size = 1;
    let depth = 0;
    const members = expression.kind === 'and' || expression.kind === 'or' ? expression.of : [];
    for (const member of expression.kind === 'not' ? [expression.of] : members) {
      const inner = this.#extentOf(member);
      size = Math.min(size + inner.size, Number.MAX_SAFE_INTEGER);
      depth = Math.max(depth, inner.depth);
    }
    const extent = { size, depth: depth + 1 };
    this.#extents.set(expression, extent);
    return extent;
  }
}
