import type { Subject } from '../condition.ts';
import { foldCase } from '../fold.ts';
import { addressOf } from './addresses.ts';
import type { Scalar, StreamField, StreamValue } from '../resolver.ts';
import { isList, isPresent, textOf } from '../values.ts';
import type { Predicate, Scope } from './scope.ts';
import { transformed } from './transforms.ts';

/** Of looking at a field of every record, on the scale of a trigger's rarity: for itself, and for what is taken apart once for all such fields. */
export interface FieldCost {
  readonly own: number;
  readonly shared: number;
}

/** Compiles tests of one value into tests of a record; subjects that occur again are read once per event. */
export class Subjects<R> {
  readonly #scope: Scope<R>;
  readonly #compiled = new Map<string, StreamField<R>>();
  readonly #folded = new Map<string, StreamField<R>>();
  readonly #addresses = new Map<string, StreamField<R>>();

  constructor(scope: Scope<R>) {
    this.#scope = scope;
  }

  /** Getter of a subject; undefined when a field of it is absent. */
  field(subject: Subject): StreamField<R> | undefined {
    switch (subject.kind) {
      case 'field':
      case 'all-fields':
        return this.#scope.field(subject);
      case 'literal': {
        const { value } = subject;
        return { type: typeof value === 'string' ? 'text' : 'number', get: () => value };
      }
      case 'transform':
        return this.#transform(subject);
    }
  }

  #transform(subject: Extract<Subject, { kind: 'transform' }>): StreamField<R> | undefined {
    const key = subjectKey(subject);
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const parts: StreamField<R>[] = [];
    for (const part of subject.of) {
      const field = this.field(part);
      if (field === undefined) return undefined;
      parts.push(field);
    }
    const field = transformed(subject.transform, parts);
    const compiled = { type: field.type, get: this.#scope.once(field.get) };
    this.#compiled.set(key, compiled);
    return compiled;
  }

  /** The subject's texts in lower case. */
  #foldedField(subject: Subject): StreamField<R> | undefined {
    return this.#derived(this.#folded, subject, 'text', foldCase);
  }

  /** The subject's addresses: IPv4 as a number below 2^32, IPv6 as a big integer; other text is absent. */
  #addressField(subject: Subject): StreamField<R> | undefined {
    return this.#derived(this.#addresses, subject, 'any', addressOf);
  }

  /** The subject with its texts mapped, once per event. */
  #derived(
    known: Map<string, StreamField<R>>,
    subject: Subject,
    type: 'text' | 'any',
    map: (text: string) => Scalar | null,
  ): StreamField<R> | undefined {
    const key = subjectKey(subject);
    let derived = known.get(key);
    if (derived === undefined) {
      const field = this.field(subject);
      if (field === undefined) return undefined;
      const isOne = field.type !== 'list' && field.type !== 'any';
      derived = {
        type: isOne ? type : field.type,
        get: this.#scope.once((record) => mapValue(field.get(record), map)),
      };
      known.set(key, derived);
    }
    return derived;
  }

  /** True when the values of the subject pass `test`, by the quantor; undefined when a field is absent. */
  lift(
    subject: Subject,
    quantor: 'any' | 'every',
    view: 'text' | 'folded',
    test: (text: string) => boolean,
  ): Predicate<R> | undefined {
    const field = view === 'folded' ? this.#foldedField(subject) : this.field(subject);
    if (field === undefined) return undefined;
    if (field.type === 'text') {
      const get = field.get as (record: R) => string | null | undefined;
      return (record) => {
        const text = get(record);
        return text !== undefined && text !== null && test(text);
      };
    }
    return liftScalar(field, quantor, (value) => {
      const text = typeof value === 'string' ? value : textOf(value);
      return text !== undefined && test(text);
    });
  }

  /** The one text that text tests of the subject see; undefined when it may have several values, or a field is absent. */
  oneText(subject: Subject, ignoreCase: boolean): ((record: R) => string | null | undefined) | undefined {
    const field = ignoreCase ? this.#foldedField(subject) : this.field(subject);
    if (field === undefined || field.type === 'list' || field.type === 'any') return undefined;
    const { get } = field;
    if (field.type === 'text') return get as (record: R) => string | null | undefined;
    return (record) => {
      const value = get(record);
      return value === undefined || value === null || isList(value) ? undefined : textOf(value);
    };
  }

  /** All texts that text tests of the subject see; undefined when a field is absent. */
  texts(subject: Subject, ignoreCase: boolean): ((record: R) => string | readonly string[] | undefined) | undefined {
    const one = this.oneText(subject, ignoreCase);
    if (one !== undefined) return (record) => one(record) ?? undefined;
    const field = ignoreCase ? this.#foldedField(subject) : this.field(subject);
    if (field === undefined) return undefined;
    return (record) => {
      const value = field.get(record);
      if (typeof value === 'string') return value;
      if (value === undefined || value === null) return undefined;
      if (!isList(value)) return textOf(value);
      return value.flatMap((element) => (element === null ? [] : (textOf(element) ?? [])));
    };
  }

  /** Of reading the subject's texts of a record, roughly. */
  costOf(subject: Subject): FieldCost {
    if (subject.kind === 'all-fields') return { own: 100, shared: 0 };
    const field = this.field(subject);
    return { own: field?.type === 'list' ? 18 : 6, shared: field?.isParsed === true ? 18 : 0 };
  }

  /** The same for tests of addresses, as `addressOf` gives them. */
  liftAddress(
    subject: Subject,
    quantor: 'any' | 'every',
    test: (address: Scalar) => boolean,
  ): Predicate<R> | undefined {
    const field = this.#addressField(subject);
    return field === undefined ? undefined : liftScalar(field, quantor, test);
  }

  /** The same for tests that look at values as they are. */
  liftScalar(subject: Subject, quantor: 'any' | 'every', test: (value: Scalar) => boolean): Predicate<R> | undefined {
    const field = this.field(subject);
    return field === undefined ? undefined : liftScalar(field, quantor, test);
  }
}

function liftScalar<R>(
  field: StreamField<R>,
  quantor: 'any' | 'every',
  test: (value: Scalar) => boolean,
): Predicate<R> {
  const { get } = field;
  return (record) => {
    const value = get(record);
    if (value === undefined || value === null) return false;
    if (!isList(value)) return isPresent(value) && test(value);
    let isAny = false;
    for (const element of value) {
      if (element === null || !isPresent(element)) continue;
      if (test(element)) {
        if (quantor === 'any') return true;
        isAny = true;
      } else if (quantor === 'every') return false;
    }
    return isAny;
  };
}

function mapValue(value: StreamValue, map: (text: string) => Scalar | null): StreamValue {
  if (typeof value === 'string') return map(value);
  if (value === undefined || value === null) return value;
  const mapScalar = (scalar: Scalar): Scalar | null => {
    const text = textOf(scalar);
    return text === undefined ? null : map(text);
  };
  return isList(value) ? value.map((element) => (element === null ? null : mapScalar(element))) : mapScalar(value);
}

/** Equal for subjects that mean the same. */
export function subjectKey(subject: Subject): string {
  return JSON.stringify(subject, (_key, value: unknown) =>
    typeof value === 'bigint' ? { bigint: String(value) } : value,
  );
}
