import { BudgetError, type Budget } from './budget.ts';
import { TemplateError } from './lex.ts';
import type { Output } from './output.ts';
import { parseTemplate, type Operand, type Pipeline, type TemplateNode } from './parse.ts';
import { isTrue, sortedEntries, toText, type Value } from './value.ts';

/** What a function of a template may use beside its arguments. */
export interface Runtime {
  readonly budget: Budget;
  /** What a named template writes. */
  include(name: string, data: Value): string;
  /** What a text that is a template writes. */
  renderText(template: string, data: Value): string;
  /** Says that something that must be given is not; rendering goes on. */
  missing(message: string): void;
}

/** A function of templates. Throws an error whose message says what is wrong with its arguments. */
export type TemplateFunction = (args: readonly Value[], runtime: Runtime) => Value;

export interface Templates {
  readonly functions: ReadonlyMap<string, TemplateFunction>;
  readonly named: ReadonlyMap<string, readonly TemplateNode[]>;
  readonly budget: Budget;
  readonly missing: (message: string) => void;
}

/** Templates that call one another. */
const maxCalls = 60;

/** Variables of a block and of those around it. */
class Scope {
  readonly #own = new Map<string, Value>();
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  get(name: string): Value | undefined {
    return this.#own.has(name) ? this.#own.get(name) : this.#outer?.get(name);
  }

  declare(name: string, value: Value): void {
    this.#own.set(name, value);
  }

  assign(name: string, value: Value): void {
    if (this.#own.has(name) || this.#outer === undefined) this.#own.set(name, value);
    else this.#outer.assign(name, value);
  }
}

type Flow = 'break' | 'continue' | undefined;

/** Runs templates as text/template does, with what is missing taken as nothing. Throws `TemplateError` and `BudgetError`. */
export class Execution implements Runtime {
  readonly budget: Budget;
  readonly #templates: Templates;
  readonly #newOutput: () => Output;
  #calls = 0;
  #line = 0;

  constructor(templates: Templates, newOutput: () => Output) {
    this.#templates = templates;
    this.budget = templates.budget;
    this.#newOutput = newOutput;
  }

  run(nodes: readonly TemplateNode[], data: Value, output: Output): void {
    const scope = new Scope();
    scope.declare('', data);
    this.#nodes(nodes, data, scope, output);
  }

  include(name: string, data: Value): string {
    const nodes = this.#templates.named.get(name);
    if (nodes === undefined) throw new TemplateError(`no template is called ${JSON.stringify(name)}`, this.#line);
    return this.#captured(nodes, data);
  }

  renderText(template: string, data: Value): string {
    this.budget.text(template);
    return this.#captured(parseTemplate(template).body, data);
  }

  missing(message: string): void {
    this.#templates.missing(message);
  }

  #captured(nodes: readonly TemplateNode[], data: Value): string {
    if (++this.#calls > maxCalls) throw new BudgetError('templates call one another without end');
    const line = this.#line;
    const output = this.#newOutput();
    this.run(nodes, data, output);
    this.#calls--;
    this.#line = line;
    return output.text;
  }

  #nodes(nodes: readonly TemplateNode[], dot: Value, scope: Scope, output: Output): Flow {
    for (const node of nodes) {
      this.budget.spend();
      this.#line = node.line;
      const flow = this.#node(node, dot, scope, output);
      if (flow !== undefined) return flow;
    }
    return undefined;
  }

  #node(node: TemplateNode, dot: Value, scope: Scope, output: Output): Flow {
    switch (node.kind) {
      case 'text':
        output.writeText(node.text, node.line);
        return undefined;
      case 'output': {
        const value = this.#evaluate(node.pipeline, dot, scope);
        if (node.pipeline.variables.length === 0) output.write(toText(value, this.budget), node.line);
        return undefined;
      }
      case 'template': {
        const data = node.pipeline === undefined ? null : this.#evaluate(node.pipeline, dot, scope);
        output.write(this.include(node.name, data), node.line);
        return undefined;
      }
      case 'if':
      case 'with': {
        const inner = new Scope(scope);
        const value = this.#evaluate(node.pipeline, dot, inner);
        if (!isTrue(value)) return this.#nodes(node.otherwise, dot, inner, output);
        return this.#nodes(node.body, node.kind === 'with' ? value : dot, inner, output);
      }
      case 'range':
        return this.#range(node, dot, scope, output);
      case 'break':
      case 'continue':
        return node.kind;
    }
  }

  #range(
    node: Extract<TemplateNode, { kind: 'if' | 'with' | 'range' }>,
    dot: Value,
    scope: Scope,
    output: Output,
  ): Flow {
    const { variables, commands } = node.pipeline;
    const over = this.#evaluate({ variables: [], isDeclaration: false, commands }, dot, scope);
    const entries = this.#entriesOf(over);
    this.budget.spend(entries.length * 2);
    if (entries.length === 0) return this.#nodes(node.otherwise, dot, new Scope(scope), output);
    for (const [key, value] of entries) {
      const inner = new Scope(scope);
      const [first, second] = variables;
      if (first !== undefined) inner.declare(first, second === undefined ? value : key);
      if (second !== undefined) inner.declare(second, value);
      if (this.#nodes(node.body, value, inner, output) === 'break') break;
    }
    return undefined;
  }

  #entriesOf(over: Value): readonly (readonly [Value, Value])[] {
    if (Array.isArray(over)) return over.map((value, index) => [index, value] as const);
    if (over instanceof Map) return sortedEntries(over);
    if (typeof over === 'number') {
      return Array.from({ length: this.budget.size(over) }, (_, index) => [index, index] as const);
    }
    if (over === null) return [];
    throw new TemplateError(`range over ${typeof over}`, this.#line);
  }

  #evaluate({ variables, isDeclaration, commands }: Pipeline, dot: Value, scope: Scope): Value {
    let value: Value | undefined;
    for (const command of commands) value = this.#command(command, value, dot, scope);
    const result = value ?? null;
    for (const name of variables) {
      if (isDeclaration) scope.declare(name, result);
      else scope.assign(name, result);
    }
    return result;
  }

  /** `piped` is the last argument, of all commands but the first. */
  #command([head, ...rest]: readonly Operand[], piped: Value | undefined, dot: Value, scope: Scope): Value {
    if (head === undefined) return null;
    this.budget.spend();
    if (head.kind === 'function') return this.#call(head.name, rest, piped, dot, scope);
    const value = this.#operand(head, dot, scope, true);
    const args = rest.map((operand) => this.#operand(operand, dot, scope));
    if (piped !== undefined) args.push(piped);
    if (typeof value === 'function') return this.#guarded(() => value(args));
    if (args.length > 0) throw new TemplateError('what is no function has arguments', this.#line);
    return value;
  }

  #call(name: string, operands: readonly Operand[], piped: Value | undefined, dot: Value, scope: Scope): Value {
    // These stop at the first that decides: what stands behind may not be possible.
    if (name === 'and' || name === 'or') {
      let value: Value = null;
      for (const operand of operands) {
        value = this.#operand(operand, dot, scope);
        if (isTrue(value) === (name === 'or')) return value;
      }
      return piped ?? value;
    }
    const run = this.#templates.functions.get(name);
    if (run === undefined) throw new TemplateError(`the function ${JSON.stringify(name)} is not known`, this.#line);
    const args = operands.map((operand) => this.#operand(operand, dot, scope));
    if (piped !== undefined) args.push(piped);
    return this.#guarded(() => run(args, this), name);
  }

  /** An error of a function is one of the line that calls it. */
  #guarded(call: () => Value, name = 'method'): Value {
    try {
      const value = call();
      return typeof value === 'string' ? this.budget.text(value) : value;
    } catch (error) {
      if (error instanceof TemplateError || error instanceof BudgetError || !(error instanceof Error)) throw error;
      throw new TemplateError(`${name}: ${error.message}`, this.#line);
    }
  }

  #operand(operand: Operand, dot: Value, scope: Scope, isHead = false): Value {
    switch (operand.kind) {
      case 'literal':
        return operand.value;
      case 'field':
        return this.#fields(dot, operand.names, isHead);
      case 'variable': {
        const value = scope.get(operand.name);
        if (value === undefined) throw new TemplateError(`the variable $${operand.name} is not known`, this.#line);
        return this.#fields(value, operand.names, isHead);
      }
      case 'group':
        return this.#fields(this.#evaluate(operand.pipeline, dot, scope), operand.names, isHead);
      case 'function':
        return this.#call(operand.name, [], undefined, dot, scope);
    }
  }

  /** A method is called at once, but where its arguments follow. */
  #fields(value: Value, names: readonly string[], isHead: boolean): Value {
    let at = value;
    for (const name of names) at = at instanceof Map ? (at.get(name) ?? null) : null;
    return typeof at === 'function' && !isHead ? at([]) : at;
  }
}
