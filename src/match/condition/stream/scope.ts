import type { FieldReference, Subject } from '../condition.ts';
import { isAbsent, type StreamField, type StreamResolver } from '../resolver.ts';

/** A compiled condition or part of one. */
export type Predicate<R> = (record: R) => boolean;

/** Runs some rules over a record; adds the places of those that match, in any order. */
export type Program<R> = (record: R, matches: number[]) => void;

/** A field that a rule names and the events do not have, and why. */
export interface MissingField {
  readonly field: FieldReference;
  readonly reason: string;
}

/**
 * What the predicates of one set share. `generation` numbers the events: a memo that carries another number is stale. It is a
 * plain number and grows past 2^31 without harm.
 */
export class Scope<R> {
  generation = 0;
  /** Of the condition that is compiled now. */
  missing: MissingField[] = [];
  readonly #resolver: StreamResolver<R>;
  readonly #fields = new Map<string, StreamField<R> | string>();

  constructor(resolver: StreamResolver<R>) {
    this.#resolver = resolver;
  }

  /** The getter of a field, which is read once per event; undefined when it is absent, which is noted. */
  field(subject: Extract<Subject, { kind: 'field' | 'all-fields' }>): StreamField<R> | undefined {
    const reference = subject.kind === 'field' ? subject.field : { name: '*' };
    const key = fieldKey(subject);
    let known = this.#fields.get(key);
    if (known === undefined) {
      const answer = subject.kind === 'field' ? this.#resolver.field(reference) : this.#resolver.allFields();
      known = isAbsent(answer) ? answer.absent : { ...answer, get: this.once(answer.get) };
      this.#fields.set(key, known);
    }
    if (typeof known !== 'string') return known;
    this.missing.push({ field: reference, reason: known });
    return undefined;
  }

  /** `read` that runs once per event. */
  once<T>(read: (record: R) => T): (record: R) => T {
    let generation = -1;
    let value: T;
    return (record) => {
      if (generation !== this.generation) {
        value = read(record);
        generation = this.generation;
      }
      return value;
    };
  }
}

function fieldKey(subject: Extract<Subject, { kind: 'field' | 'all-fields' }>): string {
  if (subject.kind === 'all-fields') return '*';
  const { name, argument } = subject.field;
  return argument === undefined ? `.${name}` : `.${name}\n${argument}`;
}
