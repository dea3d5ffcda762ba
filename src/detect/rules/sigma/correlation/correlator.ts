import type { SigmaCorrelation } from '../model.ts';
import { Group, type Satisfied } from './group.ts';

/** Groups that one correlation keeps; the one that was longest without an event goes first. */
const maxGroups = 100_000;

/** Values of a match by field name, as text; undefined when the field is absent. */
export type Values = (field: string) => string | undefined;

/** An event that a rule matched, or a correlation that holds. */
export interface Match<T> {
  /** µs since 1970. */
  readonly time: number;
  readonly values: Values;
  readonly token: T;
}

export interface CorrelationHit<T> {
  readonly correlation: SigmaCorrelation;
  readonly time: number;
  readonly firstTime: number;
  readonly isNew: boolean;
  /** Values of the `group-by` fields. */
  readonly group: Readonly<Record<string, string>>;
  /** Events of the window, oldest first; none when it is not new. */
  readonly tokens: readonly T[];
  /** Fields for a correlation of this one: the group's, and else those of the last event. */
  readonly values: Values;
}

interface Entry<T> {
  readonly token: T;
  readonly values: Values;
}

/**
 * One correlation over the matches of its rules, in bounded memory. A match without one of the `group-by` fields belongs
 * to no group and is left out.
 */
export class Correlator<T> {
  readonly correlation: SigmaCorrelation;
  readonly #fields: readonly ((part: number) => string)[];
  readonly #groups = new Map<string, Group<Entry<T>>>();
  #lost = 0;

  /** `names`: for each rule what aliases may call it by. */
  constructor(correlation: SigmaCorrelation, names: readonly (readonly string[])[]) {
    this.correlation = correlation;
    this.#fields = correlation.groupBy.map((field) => {
      const alias = correlation.aliases.get(field);
      const byPart = names.map((own) => own.map((name) => alias?.get(name)).find((found) => found !== undefined));
      return (part) => byPart[part] ?? field;
    });
  }

  /** Entries and groups that had to go to keep the bounds. */
  get lost(): number {
    let lost = this.#lost;
    for (const group of this.#groups.values()) lost += group.lost;
    return lost;
  }

  add(part: number, match: Match<T>): CorrelationHit<T>[] {
    const values: string[] = [];
    for (const field of this.#fields) {
      const value = match.values(field(part));
      if (value === undefined) return [];
      values.push(value);
    }
    const key = JSON.stringify(values);
    const group = this.#groupOf(key);
    const { field } = this.correlation;
    const value = field === undefined ? undefined : match.values(field);
    const token = { token: match.token, values: match.values };
    return group.add({ time: match.time, part, value, token }).map((one) => this.#hit(one, values, match.values));
  }

  /** Judges windows that wait for more events of their last moment. */
  end(): CorrelationHit<T>[] {
    return [...this.#groups].flatMap(([key, group]) => {
      const values = JSON.parse(key) as string[];
      return group.end().map((one) => this.#hit(one, values, one.entries.at(-1)?.token.values ?? (() => undefined)));
    });
  }

  #groupOf(key: string): Group<Entry<T>> {
    const group = this.#groups.get(key) ?? new Group<Entry<T>>(this.correlation);
    this.#groups.delete(key);
    this.#groups.set(key, group);
    if (this.#groups.size > maxGroups) {
      const [oldest] = this.#groups;
      if (oldest !== undefined) {
        this.#groups.delete(oldest[0]);
        const isStale = group.newest - oldest[1].newest > this.correlation.timespanSeconds * 1e6;
        if (!isStale) this.#lost += oldest[1].size;
      }
    }
    return group;
  }

  #hit(satisfied: Satisfied<Entry<T>>, groupValues: readonly string[], last: Values): CorrelationHit<T> {
    const { groupBy } = this.correlation;
    const group = Object.fromEntries(groupBy.map((field, index) => [field, groupValues[index] ?? '']));
    return {
      correlation: this.correlation,
      time: satisfied.time,
      firstTime: satisfied.entries[0]?.time ?? satisfied.time,
      isNew: satisfied.isNew,
      group,
      tokens: satisfied.entries.map((entry) => entry.token.token),
      values: (field) => (Object.hasOwn(group, field) ? group[field] : last(field)),
    };
  }
}
