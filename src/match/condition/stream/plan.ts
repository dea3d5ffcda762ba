import { prepared } from '../fold.ts';
import { costOf } from './cost.ts';
import type { Interner, Node } from './intern.ts';
import { textFieldKey, type TextField } from './triggers.ts';

/** A rule by its place in the set, and what is left of its condition. */
export interface Rule {
  readonly index: number;
  readonly node: Node;
}

/** A step of a plan. Steps are independent; a rule matches where a step names it. */
export type Step =
  /** Where the node is true, the rules match and the inner steps follow. */
  | { readonly kind: 'test'; readonly node: Node; readonly rules: readonly number[]; readonly steps: readonly Step[] }
  /** The steps that stand for the subject's text follow. */
  | { readonly kind: 'switch'; readonly field: TextField; readonly cases: ReadonlyMap<string, readonly Step[]> };

interface Conjunction {
  readonly index: number;
  readonly conjuncts: readonly Node[];
}

/**
 * Arranges rules so that most are passed over together: rules that name values of one subject stand behind a look-up of it,
 * rules with a conjunct in common behind that, again and again.
 */
export class Planner {
  readonly #interner: Interner;
  readonly #canSwitch: (field: TextField) => boolean;

  /** `canSwitch`: the subject has at most one text. */
  constructor(interner: Interner, canSwitch: (field: TextField) => boolean) {
    this.#interner = interner;
    this.#canSwitch = canSwitch;
  }

  plan(rules: readonly Rule[]): readonly Step[] {
    const conjunctions = rules
      .filter(({ node }) => node !== this.#interner.never)
      .map(({ index, node }) => ({ index, conjuncts: node.kind === 'all' ? node.of : [node] }));
    return this.#arrange(conjunctions);
  }

  #arrange(rules: readonly Conjunction[]): Step[] {
    const steps: Step[] = [];
    let left = rules;
    for (;;) {
      const field = this.#bestSwitch(left);
      if (field === undefined) break;
      const [inside, outside] = this.#split(left, (node) => this.#switchKey(node) === field.key);
      steps.push({ kind: 'switch', field: field.field, cases: this.#cases(inside) });
      left = outside;
    }
    for (let node = mostShared(left); node !== undefined; node = mostShared(left)) {
      const shared = node;
      const [inside, outside] = this.#split(left, (other) => other === shared);
      steps.push(
        this.#behind(
          shared,
          inside.map(({ rest }) => rest),
        ),
      );
      left = outside;
    }
    for (const { index, conjuncts } of left) {
      steps.push({ kind: 'test', node: this.#interner.group('all', conjuncts), rules: [index], steps: [] });
    }
    return steps;
  }

  /** Rules with a conjunct that is chosen, and what is left of them without it; and the others. */
  #split(
    rules: readonly Conjunction[],
    isChosen: (node: Node) => boolean,
  ): [{ readonly chosen: Node; readonly rest: Conjunction }[], Conjunction[]] {
    const inside: { chosen: Node; rest: Conjunction }[] = [];
    const outside: Conjunction[] = [];
    for (const rule of rules) {
      const chosen = rule.conjuncts.find(isChosen);
      if (chosen === undefined) outside.push(rule);
      else {
        const conjuncts = rule.conjuncts.filter((node) => node !== chosen);
        inside.push({ chosen, rest: { index: rule.index, conjuncts } });
      }
    }
    return [inside, outside];
  }

  #behind(node: Node, rules: readonly Conjunction[]): Step {
    return {
      kind: 'test',
      node,
      rules: rules.filter(({ conjuncts }) => conjuncts.length === 0).map(({ index }) => index),
      steps: this.#arrange(rules.filter(({ conjuncts }) => conjuncts.length > 0)),
    };
  }

  /** Steps for each value that the rules name; values with the same rules share them. */
  #cases(
    rules: readonly { readonly chosen: Node; readonly rest: Conjunction }[],
  ): ReadonlyMap<string, readonly Step[]> {
    const byValue = new Map<string, Conjunction[]>();
    for (const { chosen, rest } of rules) {
      for (const value of switchValues(chosen)) {
        const list = byValue.get(value);
        if (list === undefined) byValue.set(value, [rest]);
        else list.push(rest);
      }
    }
    const plans = new Map<string, readonly Step[]>();
    const cases = new Map<string, readonly Step[]>();
    for (const [value, list] of byValue) {
      const key = list.map(({ index }) => index).join(' ');
      const steps = plans.get(key) ?? [this.#behind(this.#interner.always, list)];
      plans.set(key, steps);
      cases.set(value, steps);
    }
    return cases;
  }

  /** The subject by whose value most rules are decided, where that is worth a look-up. */
  #bestSwitch(rules: readonly Conjunction[]): { readonly key: string; readonly field: TextField } | undefined {
    const counts = new Map<string, { count: number; field: TextField }>();
    for (const { conjuncts } of rules) {
      const keys = new Set<string>();
      for (const node of conjuncts) {
        const key = this.#switchKey(node);
        if (key === undefined || keys.has(key) || node.kind !== 'test') continue;
        keys.add(key);
        const { subject } = node.test;
        const ignoreCase = 'ignoreCase' in node.test && node.test.ignoreCase;
        const count = (counts.get(key)?.count ?? 0) + 1;
        counts.set(key, { count, field: { subject, ignoreCase } });
      }
    }
    let best: { key: string; count: number; field: TextField } | undefined;
    for (const [key, { count, field }] of counts) {
      if (count >= (best?.count ?? leastSwitch - 1) + 1 && this.#canSwitch(field)) best = { key, count, field };
    }
    return best;
  }

  readonly #keys = new Map<Node, string | undefined>();

  /** Equal for tests that one look-up decides; undefined for nodes that none does. */
  #switchKey(node: Node): string | undefined {
    if (node.kind !== 'test' || node.test.kind !== 'text' || node.test.operator !== 'equals') return undefined;
    if (!this.#keys.has(node)) {
      const { subject, ignoreCase, values } = node.test;
      // A text that holds U+FFFD also equals one with a lone surrogate there.
      const isPlain = !values.some((value) => !value.isWellFormed() || value.includes('\uFFFD'));
      this.#keys.set(node, isPlain ? textFieldKey({ subject, ignoreCase }) : undefined);
    }
    return this.#keys.get(node);
  }
}

/** Fewer rules are tested one after another. */
const leastSwitch = 3;

function switchValues(node: Node): ReadonlySet<string> {
  if (node.kind !== 'test' || node.test.kind !== 'text') return new Set();
  const { ignoreCase, values } = node.test;
  return new Set(values.map((value) => prepared(value, ignoreCase)));
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
