import type { KindId } from '../../../../events/event.ts';
import type { FieldReference } from '../../../../match/condition/condition.ts';
import { isAbsent, type Absent, type SqlField, type SqlResolver } from '../../../../match/condition/resolver.ts';
import { isListType, textSql } from '../../../../match/condition/sql/views.ts';
import { eventColumns } from '../../../../store/event-columns.ts';
import type { Macros } from '../../../../store/macros.ts';
import { modeWords, valueFor, type EventValue } from './mapping.ts';
import { absentReason } from './stream.ts';

/** Fields of Falco's system calls as expressions over the stored events of a kind: the same as `stream.ts` gives live. */
export function syscallColumns(kind: KindId, macros: Macros): SqlResolver {
  const columns = eventColumns(kind, macros);
  const writer = new ValueWriter(columns, macros);
  return {
    field: (reference) => {
      const value = valueFor(kind, reference);
      return value === undefined ? { absent: absentReason(reference) } : writer.write(value);
    },
    allFields: () => ({ absent: 'rules name their fields' }),
  };
}

class ValueWriter {
  readonly #columns: SqlResolver;
  readonly #macros: Macros;

  constructor(columns: SqlResolver, macros: Macros) {
    this.#columns = columns;
    this.#macros = macros;
  }

  write(value: EventValue): SqlField | Absent {
    const { conditions } = this.#macros;
    if ('name' in value) return this.#columns.field(value);
    if ('constant' in value) {
      const { constant } = value;
      return typeof constant === 'string'
        ? { sql: conditions.text(constant), type: 'text' }
        : { sql: conditions.integer(BigInt(constant)), type: 'integer' };
    }
    if ('first' in value) return this.#first(value.first);
    if ('both' in value) return this.#both(value.both);
    if ('presence' in value) {
      const column = this.#columns.field(value.presence);
      return isAbsent(column) ? column : { sql: `CASE WHEN ${column.sql} IS NULL THEN 0 ELSE 1 END`, type: 'integer' };
    }
    const [reference, make] = this.#ofText(value);
    const text = this.#text(reference);
    return isAbsent(text) ? text : { sql: make(text.sql), type: 'text' };
  }

  /** Values of several types become text: that is what tests see of each. */
  #first(values: readonly EventValue[]): SqlField | Absent {
    const parts = values.map((value) => this.write(value));
    const present = parts.flatMap((part) => (isAbsent(part) ? [] : [part]));
    if (present.length === 0) return parts[0] ?? { absent: 'nothing stands for it' };
    const texts = present.map(({ sql, type }) => textSql(sql, type, this.#macros.conditions));
    return { sql: `coalesce(${texts.join(', ')})`, type: 'text' };
  }

  #both(ends: readonly FieldReference[]): SqlField | Absent {
    const parts = ends.map((end) => this.#text(end));
    const present = parts.flatMap((part) => (isAbsent(part) ? [] : [part]));
    if (present.length === 0) return parts[0] ?? { absent: 'nothing stands for it' };
    return { sql: this.#macros.conditions.list(present.map(({ sql }) => sql)), type: 'text[]' };
  }

  #text(reference: FieldReference): SqlField | Absent {
    const column = this.#columns.field(reference);
    if (isAbsent(column) || isListType(column.type)) {
      return isAbsent(column) ? column : { absent: `${reference.name} is a list` };
    }
    return { sql: textSql(column.sql, column.type, this.#macros.conditions), type: 'text' };
  }

  #ofText(value: TextValue): readonly [FieldReference, (sql: string) => string] {
    const { conditions } = this.#macros;
    if ('table' in value) {
      const cases = Object.entries(value.values).map(
        ([from, to]) => `WHEN ${conditions.text(from)} THEN ${conditions.text(to)}`,
      );
      return [value.table, (sql) => `CASE ${sql} ${cases.join(' ')} END`];
    }
    if ('begins' in value) return [value.begins, (sql) => this.#begins(sql, value.with)];
    if ('directory' in value) return [value.directory, (sql) => this.#parent(sql)];
    if ('basename' in value) return [value.basename, (sql) => conditions.basename(sql)];
    if ('rest' in value) return [value.rest, (sql) => this.#afterBlank(sql)];
    return [value.modeBits, (sql) => this.#modeText(sql)];
  }

  #begins(text: string, start: string): string {
    const { conditions } = this.#macros;
    const isSo = conditions.startsWith(text, conditions.text(start));
    return `CASE WHEN ${text} IS NOT NULL THEN CASE WHEN ${isSo} THEN 'true' ELSE 'false' END END`;
  }

  #parent(path: string): string {
    const macros = this.#macros;
    const length = `${macros.lengthOf(path)} - ${macros.lengthOf(macros.conditions.basename(path))} - 1`;
    return `CASE WHEN ${length} = 0 THEN '/' ELSE substr(${path}, 1, greatest(${length}, 0)) END`;
  }

  #afterBlank(text: string): string {
    const blank = `position(' ' IN ${text})`;
    return `CASE WHEN ${blank} = 0 THEN substr(${text}, 1, 0) ELSE substr(${text}, ${blank} + 1) END`;
  }

  /** Of a mode `suid,sgid,0755` the words before the digits; the joined text only needs to hold each name. */
  #modeText(mode: string): string {
    const macros = this.#macros;
    const words = Object.entries(modeWords).map(
      ([word, name]) => `CASE WHEN ${macros.contains(mode, `'${word},'`)} THEN '|${name}' ELSE '' END`,
    );
    return `substr(${words.join(' || ')} || substr(${mode}, 1, 0), 2)`;
  }
}

type TextValue = Extract<
  EventValue,
  | { table: unknown }
  | { directory: unknown }
  | { begins: unknown }
  | { basename: unknown }
  | { rest: unknown }
  | { modeBits: unknown }
>;
