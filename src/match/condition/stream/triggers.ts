import type { FieldTest, Subject } from '../condition.ts';
import { prepared } from '../fold.ts';
import type { Node } from './intern.ts';
import { subjectKey } from './subjects.ts';

/** A subject as text tests see it. */
export interface TextField {
  readonly subject: Subject;
  readonly ignoreCase: boolean;
}

/** Literals of which one must stand in the field's text. */
interface Part {
  readonly field: TextField;
  readonly literals: readonly string[];
}

/** What a node needs in order to be true: a literal of one of the parts. */
export interface Trigger {
  readonly parts: readonly Part[];
  /** Of its most common literal, on a scale of its own: long ones that few rules name are rare. */
  readonly rarity: number;
}

/** Equal for the same subject seen the same way. */
export function textFieldKey({ subject, ignoreCase }: TextField): string {
  return `${ignoreCase ? 'i' : ''}${subjectKey(subject)}`;
}

/** Shorter literals stand in too many texts to be worth looking for. */
const shortestLiteral = 3;

/** How many rules name a literal: what many look for is common in records too. */
export type LiteralUses = ReadonlyMap<string, number>;

export function literalUses(rules: readonly Node[]): LiteralUses {
  const uses = new Map<string, number>();
  for (const rule of rules) {
    const [seen, left]: [Set<string>, Node[]] = [new Set(), [rule]];
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      if (node.kind === 'test') for (const literal of literalsOf(node.test)) seen.add(literal);
      else if (node.kind === 'all' || node.kind === 'any') for (const member of node.of) left.push(member);
    }
    for (const literal of seen) uses.set(literal, (uses.get(literal) ?? 0) + 1);
  }
  return uses;
}

/** The rarest literals without one of which the node is false; undefined when it can be true without any. */
export function triggerOf(node: Node, uses: LiteralUses): Trigger | undefined {
  switch (node.kind) {
    case 'test':
      return testTrigger(node.test, uses);
    case 'all': {
      const triggers = node.of.map((member) => triggerOf(member, uses)).filter((trigger) => trigger !== undefined);
      return triggers.length === 0
        ? undefined
        : triggers.reduce((best, one) => (one.rarity > best.rarity ? one : best));
    }
    case 'any': {
      const triggers = node.of.map((member) => triggerOf(member, uses));
      const known = triggers.filter((trigger) => trigger !== undefined);
      if (known.length < triggers.length || known.length === 0) return undefined;
      const rarity = known.reduce((least, one) => Math.min(least, one.rarity), Number.POSITIVE_INFINITY);
      return { parts: known.flatMap(({ parts }) => parts), rarity };
    }
    case 'always':
    case 'never':
    case 'not':
    case 'one':
      return undefined;
  }
}

function testTrigger(test: FieldTest, uses: LiteralUses): Trigger | undefined {
  if (test.kind !== 'text' && test.kind !== 'glob') return undefined;
  const literals = literalsOf(test);
  // A text that holds U+FFFD also fits one with a lone surrogate there.
  const isUsable = literals.every((literal) => literal.length >= shortestLiteral && !literal.includes('\uFFFD'));
  if (literals.length === 0 || !isUsable) return undefined;
  const rarities = literals.map((literal) => Math.min(literal.length, 12) - 4 * Math.log2(uses.get(literal) ?? 1));
  const rarity = rarities.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  return { parts: [{ field: { subject: test.subject, ignoreCase: test.ignoreCase }, literals }], rarity };
}

function literalsOf(test: FieldTest): string[] {
  if (test.kind === 'text') return test.values.map((value) => prepared(value, test.ignoreCase));
  return test.kind === 'glob' ? test.patterns.map((glob) => prepared(longestPart(glob), test.ignoreCase)) : [];
}

function longestPart(glob: Extract<FieldTest, { kind: 'glob' }>['patterns'][number]): string {
  return glob.reduce<string>(
    (longest, part) => (typeof part === 'string' && part.length > longest.length ? part : longest),
    '',
  );
}
