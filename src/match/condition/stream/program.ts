import type { Compiler } from './compiler.ts';
import { costOf } from './cost.ts';
import type { Interner, Node } from './intern.ts';
import type { Predicate } from './scope.ts';

/** A rule by its place in the set, and what is left of its condition. */
export interface Rule {
  readonly index: number;
  readonly node: Node;
}

/** Runs some rules over a record; adds the places of those that match, in any order. */
export type Program<R> = (record: R, matches: number[]) => void;

interface Branch {
  readonly node: Node;
  readonly branches: readonly Branch[];
  /** Rules that match when this point is reached and the node is true. */
  readonly rules: readonly number[];
}

/**
 * Rules that have a conjunct in common are put behind it, again and again: what many rules share is tested once and, where it
 * fails, passes over all of them.
 */
export function compileProgram<R>(rules: readonly Rule[], compiler: Compiler<R>, interner: Interner): Program<R> {
  const branches = branch(
    rules
      .filter((rule) => rule.node !== interner.never)
      .map((rule) => ({ index: rule.index, conjuncts: rule.node.kind === 'all' ? rule.node.of : [rule.node] })),
    interner,
  );
  const shared = sharedNodes(branches);
  const known = new Map<Node, Predicate<R>>();
  const emit = (list: readonly Branch[]): Program<R> => {
    const steps = list.map(({ node, rules: hits, branches: inner }): Program<R> => {
      const test = compiler.compile(node, shared, known);
      const then = inner.length === 0 ? undefined : emit(inner);
      const [hit] = hits;
      if (then === undefined && hits.length === 1 && hit !== undefined) {
        return (record, matches) => {
          if (test(record)) matches.push(hit);
        };
      }
      return (record, matches) => {
        if (!test(record)) return;
        for (const index of hits) matches.push(index);
        then?.(record, matches);
      };
    });
    return (record, matches) => {
      for (let at = 0; at < steps.length; at++) steps[at]?.(record, matches);
    };
  };
  return emit(branches);
}

interface Conjunction {
  readonly index: number;
  readonly conjuncts: readonly Node[];
}

function branch(rules: readonly Conjunction[], interner: Interner): Branch[] {
  const branches: Branch[] = [];
  let left = rules;
  while (left.length > 0) {
    const node = mostShared(left);
    if (node === undefined) break;
    const inside = left.filter((rule) => rule.conjuncts.includes(node));
    left = left.filter((rule) => !rule.conjuncts.includes(node));
    const rest = inside.map(({ index, conjuncts }) => ({
      index,
      conjuncts: conjuncts.filter((other) => other !== node),
    }));
    branches.push({
      node,
      rules: rest.filter(({ conjuncts }) => conjuncts.length === 0).map(({ index }) => index),
      branches: branch(
        rest.filter(({ conjuncts }) => conjuncts.length > 0),
        interner,
      ),
    });
  }
  for (const { index, conjuncts } of left) {
    branches.push({ node: interner.group('all', conjuncts), rules: [index], branches: [] });
  }
  return branches;
}

/** The conjunct that most rules have, the cheapest of those; undefined when none has company. */
function mostShared(rules: readonly Conjunction[]): Node | undefined {
  const counts = new Map<Node, number>();
  for (const { conjuncts } of rules) {
    for (const conjunct of conjuncts) counts.set(conjunct, (counts.get(conjunct) ?? 0) + 1);
  }
  let best: Node | undefined;
  let bestCount = 1;
  for (const [node, count] of counts) {
    if (count > bestCount || (count === bestCount && best !== undefined && costOf(node) < costOf(best))) {
      best = node;
      bestCount = count;
    }
  }
  return best;
}

/** Nodes that the branches use more than once, where evaluating costs more than remembering. */
function sharedNodes(branches: readonly Branch[]): ReadonlySet<Node> {
  const uses = new Map<Node, number>();
  const left: Node[] = [];
  const collect = (list: readonly Branch[]): void => {
    for (const { node, branches: inner } of list) {
      left.push(node);
      collect(inner);
    }
  };
  collect(branches);
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
