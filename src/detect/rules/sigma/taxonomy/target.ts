import type { KindId } from '../../../../events/event.ts';
import { fieldSubject, type Condition, type FieldReference } from '../../../../match/condition/condition.ts';
import type { Logsource } from '../model.ts';

/**
 * Where a Sigma field stands in an event, as text: a column (`process_executable`), an entry of a list column
 * (`process_args[0]`), a member of the record's own fields (`fields[NewProcessName]`); several are alternatives. A
 * constant is the same in all of these events.
 */
export type FieldPlace = string | readonly string[] | { readonly constant: string };

/** Events that answer a log source, and their fields in Sigma's names. */
export interface Target {
  readonly kind: KindId;
  /** Which events of the kind, in event fields. */
  readonly where: Condition;
  readonly fields: Readonly<Record<string, FieldPlace>>;
  /** Names with a number behind, as entries of a list column: `a0`, `a1` in `process_args`. */
  readonly numbered?: { readonly prefix: string; readonly column: string };
  /** Where keywords are looked for; in all texts of the event when left out. */
  readonly keywords?: readonly string[];
  /** Which side of the house its events are on; undefined: both. Rules are indexed by it. */
  readonly platform?: 'windows' | 'other';
  /** A field that `fields` lacks: a member of the record's own fields, a column by its ECS name, or not there. */
  readonly others: 'members' | 'ecs' | 'absent';
}

/** A log source of Sigma's taxonomy with the events that answer it; parts that it does not name fit anything. */
export interface Origin {
  readonly logsource: Pick<Logsource, 'category' | 'product' | 'service'>;
  readonly targets: readonly Target[];
  /** Not for a log source that names more than this: an unknown service is not any of the product's logs. */
  readonly isExact?: true;
}

/** `process_args[0]` to its name and argument. */
export function referenceTo(place: string): FieldReference {
  const open = place.indexOf('[');
  return open < 0 ? { name: place } : { name: place.slice(0, open), argument: place.slice(open + 1, -1) };
}

/** An event field equals one of the texts. */
export function isOneOf(place: string, ...values: readonly string[]): Condition {
  const { name, argument } = referenceTo(place);
  return { kind: 'text', subject: fieldSubject(name, argument), operator: 'equals', values, ignoreCase: false };
}

export function startsWith(place: string, ...values: readonly string[]): Condition {
  const { name, argument } = referenceTo(place);
  return { kind: 'text', subject: fieldSubject(name, argument), operator: 'startsWith', values, ignoreCase: false };
}

/** An event field is one of the numbers, also where it stands as text. */
export function isNumber(place: string, ...values: readonly number[]): Condition {
  const { name, argument } = referenceTo(place);
  return { kind: 'number', subject: fieldSubject(name, argument), operator: '=', values };
}
