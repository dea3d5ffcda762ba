import type { FieldReference, FieldTest, Subject } from '../condition.ts';
import { foldCase, prepared } from '../fold.ts';
import { numberOf } from '../values.ts';
import type { Interner, Node } from './intern.ts';
import { textTest } from './literals.ts';
import { globTest, numberTest, regexTest } from './tests.ts';

/** What is known of a record's discriminating field: it is absent, or is this (folded) text. */
export type Known = { readonly kind: 'absent' } | { readonly kind: 'text'; readonly text: string };

/**
 * A field whose value decides most rules (event type, channel, event id). Rules are rewritten for the values that records
 * have, so that those which can never hold drop out and the others lose their tests of the field.
 */
export class Discriminator {
  readonly field: FieldReference;
  /** True when rules ignore case on the field: values are told apart in lower case. */
  readonly isFolded: boolean;
  readonly #tests: readonly FieldTest[];

  constructor(field: FieldReference, rules: readonly Node[]) {
    this.field = field;
    this.#tests = this.#testsIn(rules);
    this.isFolded = this.#tests.some((test) => 'ignoreCase' in test && test.ignoreCase);
  }

  keyOf(text: string): string {
    return this.isFolded ? foldCase(text) : text;
  }

  /** What a value means to the rules: equal for values that every test decides, or leaves open, alike. */
  signatureOf(text: string): string {
    return this.#tests.map((test) => this.#decide(test, { kind: 'text', text }) ?? '?').join();
  }

  #testsIn(rules: readonly Node[]): FieldTest[] {
    const [tests, seen, left]: [FieldTest[], Set<Node>, Node[]] = [[], new Set(), [...rules]];
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      if (node.kind === 'test' && this.isOn(node.test.subject)) tests.push(node.test);
      else if (node.kind === 'not') left.push(node.of);
      else if ('of' in node) for (const member of node.of) left.push(member);
    }
    return tests;
  }

  isOn(subject: Subject): boolean {
    return (
      subject.kind === 'field' &&
      subject.field.name === this.field.name &&
      subject.field.argument === this.field.argument
    );
  }

  /** The node with what is known put in. */
  specialise(node: Node, known: Known, interner: Interner, done: Map<Node, Node>): Node {
    let result = done.get(node);
    if (result === undefined) {
      result = this.#specialise(node, known, interner, done);
      done.set(node, result);
    }
    return result;
  }

  #specialise(node: Node, known: Known, interner: Interner, done: Map<Node, Node>): Node {
    switch (node.kind) {
      case 'always':
      case 'never':
        return node;
      case 'not':
        return interner.not(this.specialise(node.of, known, interner, done));
      case 'test': {
        const answer = this.isOn(node.test.subject) ? this.#decide(node.test, known) : undefined;
        if (answer === undefined) return node;
        return answer ? interner.always : interner.never;
      }
      case 'all':
      case 'any':
      case 'one':
        return interner.group(
          node.kind,
          node.of.map((member) => this.specialise(member, known, interner, done)),
        );
    }
  }

  /** The test's answer where what is known decides it. */
  #decide(test: FieldTest, known: Known): boolean | undefined {
    if (test.kind === 'fields' && known.kind !== 'absent') return undefined;
    if (known.kind === 'absent') return false;
    if (test.kind === 'exists') return true;
    return this.#decideText(test, known.text);
  }

  #decideText(test: FieldTest, text: string): boolean | undefined {
    switch (test.kind) {
      case 'text': {
        if (test.ignoreCase || !this.isFolded) return textTest(test)(text);
        const isNamed = test.values.some((value) => prepared(value, true) === text);
        return test.operator === 'equals' && !isNamed ? false : undefined;
      }
      case 'glob':
        return test.ignoreCase || !this.isFolded ? globTest(test)(text) : undefined;
      case 'regex':
        return this.isFolded ? undefined : regexTest(test)(text);
      case 'number':
        return numberOf(text) === undefined ? false : numberTest(test)(text);
      case 'exists':
      case 'path':
      case 'network':
      case 'bytes':
      case 'fields':
        return undefined;
    }
  }
}
