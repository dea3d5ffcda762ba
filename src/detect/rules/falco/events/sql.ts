import { capabilityNames } from '../../../../events/capabilities.ts';
import type { KindId } from '../../../../events/event.ts';
import type { FieldReference } from '../../../../match/condition/condition.ts';
import { isAbsent, type Absent, type SqlField, type SqlResolver } from '../../../../match/condition/resolver.ts';
import { globPattern } from '../../../../match/condition/patterns.ts';
import { isListType, textSql } from '../../../../match/condition/sql/views.ts';
import { eventColumns } from '../../../../store/event-columns.ts';
import type { Macros } from '../../../../store/macros.ts';
import { parseGlob } from '../compile/glob.ts';
import { modeWords, noMount, valueFor, type EventValue } from './mapping.ts';
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
    if ('orElse' in value) {
      const text = this.#text(value.column);
      return isAbsent(text) ? text : { sql: `coalesce(${text.sql}, ${conditions.text(value.orElse)})`, type: 'text' };
    }
    if ('first' in value) return this.#first(value.first);
    if ('each' in value) return this.#each(value.each);
    if ('ancestors' in value) return this.#ancestors(value.parent, value.ancestors, value.most);
    if ('presence' in value) {
      const column = this.#columns.field(value.presence);
      return isAbsent(column) ? column : { sql: `CASE WHEN ${column.sql} IS NULL THEN 0 ELSE 1 END`, type: 'integer' };
    }
    if ('chosenBy' in value) return this.#chosen(value.chosenBy, value.of);
    if ('countBehindFirst' in value) return this.#countBehindFirst(value.countBehindFirst);
    if ('mountOf' in value) return this.#mount(value.mountOf, value.source);
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

  #each(values: readonly FieldReference[]): SqlField | Absent {
    const parts = values.map((value) => this.#text(value));
    const present = parts.flatMap((part) => (isAbsent(part) ? [] : [part]));
    if (present.length === 0) return parts[0] ?? { absent: 'nothing stands for it' };
    return { sql: this.#macros.conditions.list(present.map(({ sql }) => sql)), type: 'text[]' };
  }

  #ancestors(parent: FieldReference, part: string, most: number): SqlField | Absent {
    const fields = this.#columns.field({ name: 'fields' });
    const own = this.#text(parent);
    if (isAbsent(fields) || isAbsent(own)) return { absent: 'ancestors are not told' };
    const list = this.#macros.jsonListMembers(fields.sql, 'ancestors', part, most);
    return {
      sql: this.#macros.conditions.concatLists([this.#macros.conditions.list([own.sql]), list]),
      type: 'text[]',
    };
  }

  #chosen(by: FieldReference, of: Readonly<Record<string, FieldReference>>): SqlField | Absent {
    const chooser = this.#text(by);
    if (isAbsent(chooser)) return chooser;
    const { conditions } = this.#macros;
    const cases: string[] = [];
    for (const [value, reference] of Object.entries(of)) {
      const column = this.#text(reference);
      if (!isAbsent(column)) cases.push(`WHEN ${conditions.text(value)} THEN ${column.sql}`);
    }
    if (cases.length === 0) return { absent: 'nothing stands for it' };
    return { sql: `CASE ${chooser.sql} ${cases.join(' ')} END`, type: 'text' };
  }

  #countBehindFirst(reference: FieldReference): SqlField | Absent {
    const list = this.#columns.field(reference);
    if (isAbsent(list) || !isListType(list.type)) return { absent: `${reference.name} is no list here` };
    return { sql: `greatest(0, ${this.#macros.listLength(list.sql)} - 1)`, type: 'integer' };
  }

  #mount(reference: FieldReference, source: string): SqlField | Absent {
    const { conditions } = this.#macros;
    const mounts = this.#columns.field(reference);
    if (isAbsent(mounts) || !isListType(mounts.type)) return { absent: 'there is no list of mounts' };
    const pattern = conditions.text(globPattern(parseGlob(source), false));
    const from = conditions.filterList(mounts.sql, (mount) => conditions.matches(before(mount, ':'), pattern));
    const rest = after(this.#macros.listFirst(from), ':');
    return { sql: `coalesce(${before(rest, ':')}, ${conditions.text(noMount)})`, type: 'text' };
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
    if ('capabilities' in value) return [value.capabilities, (sql) => this.#capabilityText(sql)];
    if ('repository' in value) return [value.repository, (sql) => this.#repository(sql)];
    if ('tag' in value) return [value.tag, (sql) => this.#tag(sql)];
    if ('assignments' in value) return [value.assignments, (sql) => this.#assignments(sql)];
    if ('isRunnable' in value) return [value.isRunnable, (sql) => this.#isRunnable(sql)];
    return [value.modeBits, (sql) => this.#modeText(sql)];
  }

  #begins(text: string, start: string): string {
    const { conditions } = this.#macros;
    const isSo = conditions.startsWith(text, conditions.text(start));
    return `CASE WHEN ${text} IS NOT NULL THEN CASE WHEN ${isSo} THEN 'true' ELSE 'false' END END`;
  }

  #assignments(object: string): string {
    const inner = `substr(${object}, 3, greatest(0, ${this.#macros.lengthOf(object)} - 4))`;
    return `replace(replace(${inner}, '":"', '='), '","', ' ')`;
  }

  /** One of the last three digits of a mode is odd. */
  #isRunnable(mode: string): string {
    const { conditions } = this.#macros;
    const digits = `substr(${mode}, greatest(1, ${this.#macros.lengthOf(mode)} - 2))`;
    const isSo = conditions.matches(digits, conditions.text('[1357]'));
    return `CASE WHEN ${mode} IS NOT NULL THEN CASE WHEN ${isSo} THEN 'true' ELSE 'false' END END`;
  }

  #parent(path: string): string {
    const macros = this.#macros;
    const length = `${macros.lengthOf(path)} - ${macros.lengthOf(macros.conditions.basename(path))} - 1`;
    return `CASE WHEN ${length} = 0 THEN '/' ELSE substr(${path}, 1, greatest(${length}, 0)) END`;
  }

  #afterBlank(text: string): string {
    return `CASE WHEN position(' ' IN ${text}) = 0 THEN substr(${text}, 1, 0) ELSE ${after(text, ' ')} END`;
  }

  /** Of a mode `suid,sgid,0755` the words before the digits; the joined text only needs to hold each name. */
  #modeText(mode: string): string {
    const macros = this.#macros;
    const words = Object.entries(modeWords).map(
      ([word, name]) => `CASE WHEN ${macros.contains(mode, `'${word},'`)} THEN '|${name}' ELSE '' END`,
    );
    return `substr(${words.join(' || ')} || substr(${mode}, 1, 0), 2)`;
  }

  /** Each digit of the mask, the last first, stands for four capabilities. */
  #capabilityText(mask: string): string {
    const { conditions } = this.#macros;
    const names = capabilityNames.map((name, index) => {
      const digit = `substr(${mask}, ${this.#macros.lengthOf(mask)} - ${index >> 2}, 1)`;
      const isSet = `${this.#macros.lengthOf(mask)} > ${index >> 2} AND ${conditions.contains(conditions.text(digitsWith[index & 3] ?? ''), conditions.lower(digit))}`;
      return `CASE WHEN ${isSet} THEN ' CAP_${name.toUpperCase()}' ELSE '' END`;
    });
    return `substr(${names.join(' || ')} || substr(${mask}, 1, 0), 2)`;
  }

  /** A colon before the last slash belongs to a port. */
  #repository(image: string): string {
    const name = before(image, '@');
    const last = this.#macros.conditions.basename(name);
    const length = `${this.#macros.lengthOf(name)} - ${this.#macros.lengthOf(last)} + ${this.#macros.lengthOf(before(last, ':'))}`;
    return `substr(${name}, 1, ${length})`;
  }

  #tag(image: string): string {
    const last = this.#macros.conditions.basename(before(image, '@'));
    return `substr(${last}, ${this.#macros.lengthOf(before(last, ':'))} + 2)`;
  }
}

/** Hexadecimal digits in which the bit of that number is set. */
const digitsWith = ['13579bdf', '2367abef', '4567cdef', '89abcdef'];

/** What stands before the first such character; all where there is none. */
function before(text: string, character: string): string {
  const at = `position('${character}' IN ${text})`;
  return `CASE WHEN ${at} = 0 THEN ${text} ELSE substr(${text}, 1, ${at} - 1) END`;
}

/** What stands behind the first such character. */
function after(text: string, character: string): string {
  return `substr(${text}, position('${character}' IN ${text}) + 1)`;
}

type TextValue = Extract<
  EventValue,
  | { table: unknown }
  | { directory: unknown }
  | { begins: unknown }
  | { basename: unknown }
  | { rest: unknown }
  | { modeBits: unknown }
  | { capabilities: unknown }
  | { repository: unknown }
  | { tag: unknown }
  | { assignments: unknown }
  | { isRunnable: unknown }
>;
