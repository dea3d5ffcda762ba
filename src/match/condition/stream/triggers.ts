import { textsRequiredBy } from '../../../base/regex.ts';
import type { FieldTest, GlobTest, Subject, TextTest } from '../condition.ts';
import { foldCase, prepared } from '../fold.ts';
import { literalGlob, longestText } from '../patterns.ts';
import { isForeign } from './fragments.ts';
import type { Node } from './intern.ts';
import { SampledLiterals } from './sampled.ts';
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

/** Shorter ones stand in many. */
const usualInside = 5;

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

/** How good a trigger is for its purpose: the higher, the better. */
export type Worth = (trigger: Trigger) => number;

/**
 * Triggers of the node, of every one of which a literal must stand for it to be true; none when it can be true without any.
 * Where it has a choice it takes the one of most worth.
 */
export function triggersOf(node: Node, uses: LiteralUses, worth: Worth): readonly Trigger[] {
  switch (node.kind) {
    case 'test': {
      const trigger = testTrigger(node.test, uses);
      return trigger === undefined ? [] : [trigger];
    }
    case 'all':
      return node.of.flatMap((member) => triggersOf(member, uses, worth));
    case 'any': {
      const best = node.of.map((member) => bestOf(triggersOf(member, uses, worth), worth));
      const sure = best.filter((trigger) => trigger !== undefined);
      if (sure.length < best.length || sure.length === 0) return [];
      const rarity = sure.reduce((least, one) => Math.min(least, one.rarity), Number.POSITIVE_INFINITY);
      return [{ literals: sure.flatMap(({ literals }) => literals), rarity }];
    }
    case 'always':
    case 'never':
    case 'not':
    case 'one':
      return [];
  }
}

export function bestOf(triggers: readonly Trigger[], worth: Worth): Trigger | undefined {
  let best: Trigger | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const trigger of triggers) {
    const value = worth(trigger);
    if (value > most) [best, most] = [trigger, value];
  }
  return best;
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

/** Few records have letters beyond ASCII, many a few letters together. */
function rarityOf({ place, text }: Literal, uses: LiteralUses): number {
  const edges = place === 'inside' ? 0 : 2;
  const common = place === 'inside' && text.length < usualInside && !isForeign(text) ? 6 : 0;
  return Math.min(text.length + edges, 12) - common + (isForeign(text) ? 6 : 0) - 4 * Math.log2(uses.get(text) ?? 1);
}

/** True when all its literals are found at little cost beside others on the same fields: none that would have to be looked for at every place. */
export function isCheap({ literals }: Trigger): boolean {
  return literals.every(({ place, text }) => place !== 'inside' || text.length >= SampledLiterals.shortest);
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
        return textLiterals(test, literal ?? { operator: 'contains', values: [longestText(glob)] });
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
