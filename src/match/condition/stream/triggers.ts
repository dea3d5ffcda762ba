import { textsRequiredBy } from '../../../base/regex.ts';
import type { FieldTest, GlobTest, Subject, TextTest } from '../condition.ts';
import { foldCase, prepared } from '../fold.ts';
import { literalGlob } from '../patterns.ts';
import { isForeign } from './fragments.ts';
import type { Node } from './intern.ts';
import { subjectKey } from './subjects.ts';

/** A subject as text tests see it. */
export interface TextField {
  readonly subject: Subject;
  readonly ignoreCase: boolean;
}

/** Where in a text a literal must stand. */
export type Place = 'whole' | 'start' | 'end' | 'inside';

/** A literal that must stand in the field's text. */
export interface Literal {
  readonly field: TextField;
  readonly place: Place;
  readonly text: string;
}

/** What a node needs in order to be true: one of the literals. */
export interface Trigger {
  readonly literals: readonly Literal[];
  /** Of its most common literal, on a scale of its own: long ones that few rules name are rare. */
  readonly rarity: number;
}

/** Equal for the same subject seen the same way. */
export function textFieldKey({ subject, ignoreCase }: TextField): string {
  return `${ignoreCase ? 'i' : ''}${subjectKey(subject)}`;
}

/** Shorter ASCII literals stand inside too many texts to be worth looking for. */
const shortestInside = 2;

/** How many rules name a literal: what many look for is common in records too. */
export type LiteralUses = ReadonlyMap<string, number>;

export function literalUses(rules: readonly Node[]): LiteralUses {
  const uses = new Map<string, number>();
  for (const rule of rules) {
    const [seen, left]: [Set<string>, Node[]] = [new Set(), [rule]];
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      if (node.kind === 'test') for (const { text } of literalsOf(node.test)) seen.add(text);
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
      const sure = triggers.filter((trigger) => trigger !== undefined);
      if (sure.length < triggers.length || sure.length === 0) return undefined;
      const rarity = sure.reduce((least, one) => Math.min(least, one.rarity), Number.POSITIVE_INFINITY);
      return { literals: sure.flatMap(({ literals }) => literals), rarity };
    }
    case 'always':
    case 'never':
    case 'not':
    case 'one':
      return undefined;
  }
}

function testTrigger(test: FieldTest, uses: LiteralUses): Trigger | undefined {
  const literals = literalsOf(test);
  if (literals.length === 0 || !literals.every(isUsable)) return undefined;
  const rarity = literals.reduce((least, one) => Math.min(least, rarityOf(one, uses)), Number.POSITIVE_INFINITY);
  return { literals, rarity };
}

/** A text that holds U+FFFD also fits one with a lone surrogate there. */
function isUsable({ place, text }: Literal): boolean {
  if (text.includes('\uFFFD')) return false;
  return place === 'inside' ? text.length >= shortestInside || isForeign(text) : place === 'whole' || text !== '';
}

/** Few records have letters beyond ASCII. */
function rarityOf({ place, text }: Literal, uses: LiteralUses): number {
  const edges = place === 'inside' ? 0 : 2;
  return Math.min(text.length + edges, 12) + (isForeign(text) ? 6 : 0) - 4 * Math.log2(uses.get(text) ?? 1);
}

const known = new WeakMap<FieldTest, readonly Literal[]>();

/** Literals of which one must stand in the test's field; none when there are none. */
function literalsOf(test: FieldTest): readonly Literal[] {
  let literals = known.get(test);
  if (literals === undefined) {
    literals = findLiterals(test);
    known.set(test, literals);
  }
  return literals;
}

function findLiterals(test: FieldTest): readonly Literal[] {
  switch (test.kind) {
    case 'text':
      return textLiterals(test, test);
    case 'glob':
      return test.patterns.flatMap((glob) => {
        const literal = literalGlob(glob);
        return textLiterals(test, literal ?? { operator: 'contains', values: [longestPart(glob)] });
      });
    case 'regex': {
      const texts = textsRequiredBy(test.pattern, test, foldCase) ?? [];
      return texts.map((text) => ({ field: { subject: test.subject, ignoreCase: true }, place: 'inside', text }));
    }
    case 'exists':
    case 'path':
    case 'number':
    case 'network':
    case 'bytes':
    case 'fields':
      return [];
  }
}

const placeOf: Readonly<Record<TextTest['operator'], Place>> = {
  equals: 'whole',
  startsWith: 'start',
  endsWith: 'end',
  contains: 'inside',
};

function textLiterals(
  { subject, ignoreCase }: TextTest | GlobTest,
  { operator, values }: Pick<TextTest, 'operator' | 'values'>,
): Literal[] {
  const field = { subject, ignoreCase };
  return values.map((value) => ({ field, place: placeOf[operator], text: prepared(value, ignoreCase) }));
}

function longestPart(glob: GlobTest['patterns'][number]): string {
  return glob.reduce<string>(
    (longest, part) => (typeof part === 'string' && part.length > longest.length ? part : longest),
    '',
  );
}
