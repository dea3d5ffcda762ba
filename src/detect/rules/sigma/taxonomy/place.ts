import {
  allOf,
  always,
  anyOf,
  fieldSubject,
  never,
  not,
  type Condition,
  type FieldTest,
  type Subject,
} from '../../../../match/condition/condition.ts';
import type { StreamResolver } from '../../../../match/condition/resolver.ts';
import { compileCondition } from '../../../../match/condition/stream/rule-set.ts';
import { columnEntries, type KindId } from '../../../../events/event.ts';
import { referenceTo, type Target } from './target.ts';

/** A condition in event fields, and the fields of the rule that these events do not have. */
export interface Placed {
  readonly condition: Condition;
  readonly missing: readonly string[];
  /** Fields that are looked for as members of the record of their own name, and nowhere else. */
  readonly asMembers: readonly string[];
}

/** Rewrites a condition from a rule's fields to those of the events of a target, the target's own condition included. */
export function placeCondition(condition: Condition, target: Target): Placed {
  const seen: Seen = { missing: new Set(), asMembers: new Set() };
  const placed = place(condition, target, seen);
  return { condition: allOf([target.where, placed]), missing: [...seen.missing], asMembers: [...seen.asMembers] };
}

interface Seen {
  readonly missing: Set<string>;
  readonly asMembers: Set<string>;
}

function place(condition: Condition, target: Target, seen: Seen): Condition {
  if ('subject' in condition) return placeTest(condition, target, seen);
  switch (condition.kind) {
    case 'always':
    case 'never':
      return condition;
    case 'all':
      return allOf(condition.of.map((one) => place(one, target, seen)));
    case 'any':
      return anyOf(condition.of.map((one) => place(one, target, seen)));
    case 'one':
      return { kind: 'one', of: condition.of.map((one) => place(one, target, seen)) };
    case 'not':
      return not(place(condition.of, target, seen));
  }
}

/** Of several places any may fit; a test on a field that is not there is false. */
function placeTest(test: FieldTest, target: Target, seen: Seen): Condition {
  const lefts = placeSubject(test.subject, target, seen);
  if (test.kind !== 'fields') return anyOf(lefts.map((subject) => decided({ ...test, subject })));
  const rights = placeSubject(test.right, target, seen);
  return anyOf(lefts.flatMap((subject) => rights.map((right): Condition => ({ ...test, subject, right }))));
}

/** A test of a constant is decided here, so that rules for other records drop out. */
function decided(test: FieldTest): Condition {
  if (test.subject.kind !== 'literal') return test;
  return compileCondition(test, noFields).test(undefined) ? always : never;
}

const noFields: StreamResolver<undefined> = {
  field: () => ({ absent: 'a constant has no fields' }),
  allFields: () => ({ absent: 'a constant has no fields' }),
};

function placeSubject(subject: Subject, target: Target, seen: Seen): readonly Subject[] {
  if (subject.kind === 'all-fields' && target.keywords !== undefined) return target.keywords.map(subjectOf);
  if (subject.kind !== 'field') return [subject];
  const places = findPlaces(subject.field.name, target);
  const { name } = subject.field;
  if (places.length === 0) seen.missing.add(name);
  else if (places.length === 1 && places[0] === `fields[${name}]` && !Object.hasOwn(target.fields, name)) {
    seen.asMembers.add(name);
  }
  return places.map((place) =>
    typeof place === 'string' ? subjectOf(place) : { kind: 'literal', value: place.constant },
  );
}

function subjectOf(place: string): Subject {
  const { name, argument } = referenceTo(place);
  return fieldSubject(name, argument);
}

/** Where a field of a rule stands in the events of a target, the best place first; none when they do not have it. */
export function findPlaces(field: string, target: Target): readonly (string | { readonly constant: string })[] {
  const own = Object.hasOwn(target.fields, field) ? target.fields[field] : undefined;
  if (own !== undefined) return typeof own === 'string' || 'constant' in own ? [own] : own;
  const { numbered } = target;
  const index = numbered === undefined || !field.startsWith(numbered.prefix) ? '' : field.slice(numbered.prefix.length);
  if (numbered !== undefined && /^\d{1,4}$/.test(index)) return [`${numbered.column}[${index}]`];
  if (target.others === 'members') {
    const isColumn = target.platform !== 'windows' && columnEntries(target.kind).some(([name]) => name === field);
    return isColumn ? [field, `fields[${field}]`] : [`fields[${field}]`];
  }
  const column = target.others === 'ecs' ? columnByEcs(target.kind, field) : undefined;
  return column === undefined ? [] : [column];
}

function columnByEcs(kind: KindId, field: string): string | undefined {
  return columnEntries(kind).find(([, column]) => column.ecs === field)?.[0];
}
