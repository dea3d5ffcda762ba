import { VakthundError } from '../../../base/errors.ts';
import type { Condition, FieldReference, FieldTest, Subject } from '../condition.ts';
import { isAbsent, type SqlField, type SqlResolver } from '../resolver.ts';
import type { ConditionDialect } from './dialect.ts';
import { anySql, elementSql, pairSql } from './tests.ts';
import { elementType, isListType, subjectSql } from './views.ts';

/** A condition as SQL. */
export interface ConditionSql {
  /**
   * For WHERE: true where the condition holds, and false or null where it does not. In other places wrap it in
   * `coalesce(…, FALSE)`.
   */
  readonly sql: string;
  /** Fields that the rows do not have, or that the store cannot compute; tests on them are false. */
  readonly missing: readonly { readonly field: FieldReference; readonly reason: string }[];
}

/** Planners take time that grows with the square of the parts and the cube of the depth. */
const maxSqlDepth = 100;
const maxSqlParts = 10_000;

/** Writes a condition for a store. It must have passed `conditionFault`. Throws QUERY_LIMIT when it is too large for a planner. */
export function conditionSql(condition: Condition, resolver: SqlResolver, dialect: ConditionDialect): ConditionSql {
  const fault = sqlFault(condition);
  if (fault !== undefined) {
    const hint = `at most ${maxSqlDepth} levels and ${maxSqlParts} parts`;
    throw new VakthundError('QUERY_LIMIT', fault, { hint });
  }
  const writer = new Writer(resolver, dialect);
  const sql = writer.write(condition, false);
  return { sql, missing: [...writer.missing.values()] };
}

/** Why no SQL can be written for a condition that has passed `conditionFault`; undefined when it can. Costs far less than to write it. */
export function sqlFault(condition: Condition): string | undefined {
  let level: readonly Condition[] = [condition];
  let parts = 0;
  for (let depth = 0; level.length > 0; depth++) {
    parts += level.length;
    if (depth > maxSqlDepth || parts > maxSqlParts) return 'the condition is too large to be run over the store';
    level = level.flatMap((node) => {
      if (node.kind === 'not') return [node.of];
      return 'of' in node ? node.of : [];
    });
  }
  return undefined;
}

class Writer {
  readonly missing = new Map<string, ConditionSql['missing'][number]>();
  readonly #resolver: SqlResolver;
  readonly #dialect: ConditionDialect;

  constructor(resolver: SqlResolver, dialect: ConditionDialect) {
    this.#resolver = resolver;
    this.#dialect = dialect;
  }

  /** `isClosed`: null must not come out, because a NOT stands above it. */
  write(condition: Condition, isClosed: boolean): string {
    if (condition.kind === 'always') return 'TRUE';
    if (condition.kind === 'never') return 'FALSE';
    if (condition.kind === 'not') return `NOT ${this.write(condition.of, true)}`;
    if (condition.kind === 'all') return this.#join(condition.of, ' AND ', 'TRUE', isClosed);
    if (condition.kind === 'any') return this.#join(condition.of, ' OR ', 'FALSE', isClosed);
    if (condition.kind === 'one') return this.#one(condition.of);
    const sql = this.#test(condition);
    return isClosed ? `coalesce(${sql}, FALSE)` : `(${sql})`;
  }

  #join(of: readonly Condition[], word: string, empty: string, isClosed: boolean): string {
    if (of.length === 0) return empty;
    return `(${of.map((member) => this.write(member, isClosed)).join(word)})`;
  }

  #one(of: readonly Condition[]): string {
    if (of.length === 0) return 'FALSE';
    const counts = of.map((member) => `CASE WHEN ${this.write(member, true)} THEN 1 ELSE 0 END`);
    return `(${counts.join(' + ')} = 1)`;
  }

  #test(test: FieldTest): string {
    const field = this.#subject(test.subject);
    if (field === undefined) return 'FALSE';
    if (test.kind === 'exists') return this.#exists(field);
    if (test.kind !== 'fields') {
      return this.#lift(field, test.quantor ?? 'any', (value) => elementSql(test, value, field.type, this.#dialect));
    }
    const right = this.#subject(test.right);
    if (right === undefined) return 'FALSE';
    const sql = this.#lift(field, test.quantor ?? 'any', (value) =>
      this.#lift(right, 'any', (other) => pairSql(test, [value, field.type], [other, right.type], this.#dialect)),
    );
    return `${this.#exists(right)} AND ${sql}`;
  }

  #subject(subject: Subject): SqlField | undefined {
    const field = subjectSql(subject, this.#resolver, this.#dialect);
    if (!isAbsent(field)) return field;
    const reference = missingField(subject, this.#resolver);
    this.missing.set(JSON.stringify(reference), { field: reference, reason: field.absent });
    return undefined;
  }

  #exists({ sql, type }: SqlField): string {
    const dialect = this.#dialect;
    if (isListType(type)) return `${dialect.listLength(dialect.filterList(sql, isNotNull))} > 0`;
    return elementType(type) === 'real' ? dialect.isNumber(sql) : isNotNull(sql);
  }

  #lift({ sql, type }: SqlField, quantor: 'any' | 'every', test: (value: string) => string): string {
    if (!isListType(type)) return test(sql);
    const dialect = this.#dialect;
    const hits = dialect.filterList(sql, (value) => anySql([test(value)]));
    if (quantor === 'any') return `${dialect.listLength(hits)} > 0`;
    const present = dialect.listLength(dialect.filterList(sql, isNotNull));
    return `${present} > 0 AND ${dialect.listLength(hits)} = ${present}`;
  }
}

function isNotNull(value: string): string {
  return `(${value}) IS NOT NULL`;
}

/** The field that is to blame for an absent subject. */
function missingField(subject: Subject, resolver: SqlResolver): FieldReference {
  if (subject.kind === 'field') return subject.field;
  if (subject.kind === 'transform') {
    const absent = subject.of.find(
      (part) => part.kind === 'transform' || (part.kind === 'field' && isAbsent(resolver.field(part.field))),
    );
    return absent === undefined ? { name: subject.transform } : missingField(absent, resolver);
  }
  return { name: '*' };
}
