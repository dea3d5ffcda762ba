import type { FieldReference } from './condition/condition.ts';
import { isAbsent, type Absent, type StreamField, type StreamValue } from './condition/resolver.ts';
import type { RecordFormat } from './record-stream.ts';

interface Watched<R> {
  readonly field: StreamField<R>;
  isSeen: boolean;
}

/**
 * Which fields of a format have a value in the evidence at hand. Rules are asked over `probe` which fields they need,
 * records are shown, and `observed` is the format with the fields that no record had left out.
 */
export class FieldObserver<R> {
  readonly #format: RecordFormat<R>;
  readonly #watched = new Map<string, Watched<R>>();
  #unseen: Watched<R>[] = [];
  #records = 0;

  constructor(format: RecordFormat<R>) {
    this.#format = format;
  }

  /** The format, with an ear for the fields that are asked for. */
  get probe(): RecordFormat<R> {
    return this.#with((reference) => this.#watch(reference));
  }

  /** The format as far as the records that were shown have it. */
  get observed(): RecordFormat<R> {
    return this.#with((reference) => {
      const answer = this.#watch(reference);
      if (isAbsent(answer) || this.#watched.get(keyOf(reference))?.isSeen === true) return answer;
      return { absent: `none of the ${this.#records} records has a value for it` };
    });
  }

  see(record: R): void {
    this.#records++;
    if (this.#unseen.length === 0) return;
    let isFound = false;
    for (const watched of this.#unseen) {
      if (!hasValue(watched.field.get(record))) continue;
      watched.isSeen = true;
      isFound = true;
    }
    if (isFound) this.#unseen = this.#unseen.filter(({ isSeen }) => !isSeen);
  }

  get records(): number {
    return this.#records;
  }

  #watch(reference: FieldReference): StreamField<R> | Absent {
    const key = keyOf(reference);
    const known = this.#watched.get(key);
    if (known !== undefined) return known.field;
    const answer = this.#format.resolver.field(reference);
    if (isAbsent(answer)) return answer;
    const watched = { field: answer, isSeen: false };
    this.#watched.set(key, watched);
    this.#unseen.push(watched);
    return answer;
  }

  #with(field: (reference: FieldReference) => StreamField<R> | Absent): RecordFormat<R> {
    const format = this.#format;
    return {
      id: format.id,
      resolver: { field, allFields: () => format.resolver.allFields() },
      time: (record) => format.time(record),
      type: (record) => format.type(record),
    };
  }
}

function keyOf({ name, argument }: FieldReference): string {
  return argument === undefined ? name : `${name}\n${argument}`;
}

function hasValue(value: StreamValue): boolean {
  if (Array.isArray(value)) return value.some((entry) => entry !== null);
  return value !== undefined && value !== null && !Number.isNaN(value);
}
