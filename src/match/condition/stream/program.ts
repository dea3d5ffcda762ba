import type { Compiler } from './compiler.ts';
import { costOf } from './cost.ts';
import type { Interner, Node } from './intern.ts';
import { Planner, type Rule, type Step } from './plan.ts';
import { scanProgram } from './scan.ts';
import type { Predicate, Program } from './scope.ts';

/** Compiles rules to one program. */
export function compileProgram<R>(rules: readonly Rule[], compiler: Compiler<R>, interner: Interner): Program<R> {
  const { program, left } = scanProgram(rules, compiler, (scanned) => {
    const steps = scanned.map(({ index, node }): Step => ({ kind: 'test', node, rules: [index], steps: [] }));
    const emitter = new Emitter(compiler, sharedNodes(steps));
    return steps.map((step) => emitter.emit([step]));
  });
  const planner = new Planner(
    interner,
    ({ subject, ignoreCase }) => compiler.subjects.oneText(subject, ignoreCase) !== undefined,
  );
  const steps = planner.plan(left);
  const planned = new Emitter(compiler, sharedNodes(steps)).emit(steps);
  return program === undefined ? planned : inTurn([program, planned]);
}

class Emitter<R> {
  readonly #compiler: Compiler<R>;
  readonly #shared: ReadonlySet<Node>;
  readonly #known = new Map<Node, Predicate<R>>();
  readonly #programs = new Map<readonly Step[], Program<R>>();

  constructor(compiler: Compiler<R>, shared: ReadonlySet<Node>) {
    this.#compiler = compiler;
    this.#shared = shared;
  }

  emit(steps: readonly Step[]): Program<R> {
    let program = this.#programs.get(steps);
    if (program === undefined) {
      program = inTurn(steps.map((step) => (step.kind === 'test' ? this.#test(step) : this.#switch(step))));
      this.#programs.set(steps, program);
    }
    return program;
  }

  #test({ node, rules, steps }: Extract<Step, { kind: 'test' }>): Program<R> {
    const after = steps.length === 0 ? undefined : this.emit(steps);
    const [rule] = rules;
    if (node.kind === 'always') {
      return (record, matches) => {
        for (const index of rules) matches.push(index);
        after?.(record, matches);
      };
    }
    const test = this.#compiler.compile(node, this.#shared, this.#known);
    if (after !== undefined && rules.length === 0) {
      return (record, matches) => {
        if (test(record)) after(record, matches);
      };
    }
    if (after === undefined && rule !== undefined && rules.length === 1) {
      return (record, matches) => {
        if (test(record)) matches.push(rule);
      };
    }
    return (record, matches) => {
      if (!test(record)) return;
      for (const index of rules) matches.push(index);
      after?.(record, matches);
    };
  }

  #switch({ field, cases }: Extract<Step, { kind: 'switch' }>): Program<R> {
    const get = this.#compiler.subjects.oneText(field.subject, field.ignoreCase);
    const programs = new Map([...cases].map(([value, steps]) => [value, this.emit(steps)]));
    if (get === undefined) return inTurn([]);
    return (record, matches) => {
      const value = get(record);
      if (value !== undefined && value !== null) programs.get(value)?.(record, matches);
    };
  }
}

function inTurn<R>(steps: readonly Program<R>[]): Program<R> {
  const [first, second] = steps;
  if (first !== undefined && steps.length === 1) return first;
  if (first !== undefined && second !== undefined && steps.length === 2) {
    return (record, matches) => {
      first(record, matches);
      second(record, matches);
    };
  }
  return (record, matches) => {
    for (let at = 0; at < steps.length; at++) steps[at]?.(record, matches);
  };
}

/** Nodes that the steps use more than once, where evaluating costs more than remembering. */
function sharedNodes(steps: readonly Step[]): ReadonlySet<Node> {
  const uses = new Map<Node, number>();
  const left: Node[] = [];
  const seen = new Set<readonly Step[]>();
  const collect = (list: readonly Step[]): void => {
    if (seen.has(list)) return;
    seen.add(list);
    for (const step of list) {
      if (step.kind === 'test') {
        left.push(step.node);
        collect(step.steps);
      } else for (const inner of step.cases.values()) collect(inner);
    }
  };
  collect(steps);
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    const count = (uses.get(node) ?? 0) + 1;
    uses.set(node, count);
    if (count > 1) continue;
    if (node.kind === 'not') left.push(node.of);
    else if ('of' in node) for (const member of node.of) left.push(member);
  }
  return new Set([...uses].filter(([node, count]) => count > 1 && costOf(node) > memoCost).map(([node]) => node));
}

/** In the units of `costOf`: below it a look into the memo costs as much as the test. */
const memoCost = 2;
