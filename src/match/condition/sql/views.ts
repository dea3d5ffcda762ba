import type { Subject, Transform } from '../condition.ts';
import { isAbsent, type Absent, type SqlField, type SqlResolver, type SqlType } from '../resolver.ts';
import { exactNumber } from '../values.ts';
import type { ConditionDialect } from './dialect.ts';

/** Expression of a subject; the reason when a field of it is absent or the store cannot compute it. */
export function subjectSql(subject: Subject, resolver: SqlResolver, dialect: ConditionDialect): SqlField | Absent {
  switch (subject.kind) {
    case 'field':
      return resolver.field(subject.field);
    case 'all-fields':
      return resolver.allFields();
    case 'literal':
      return literalSql(subject.value, dialect);
    case 'transform': {
      const parts: SqlField[] = [];
      for (const part of subject.of) {
        const field = subjectSql(part, resolver, dialect);
        if (isAbsent(field)) return field;
        parts.push(field);
      }
      return transformSql(subject.transform, parts, dialect);
    }
  }
}

/** Of more than 38 digits, an integer is its digits as text and a double as number: what its text gives. */
function literalSql(value: string | number | bigint, dialect: ConditionDialect): SqlField {
  if (typeof value === 'string') return { sql: dialect.text(value), type: 'text' };
  if (typeof value === 'bigint') {
    return typeof exactNumber(value) === 'bigint'
      ? { sql: dialect.integer(value), type: 'integer' }
      : { sql: dialect.text(String(value)), type: 'text' };
  }
  return Number.isSafeInteger(value)
    ? { sql: dialect.integer(BigInt(value)), type: 'integer' }
    : { sql: dialect.real(value), type: 'real' };
}

export function isListType(type: SqlType): boolean {
  return type === 'text[]' || type === 'integer[]';
}

/** Type of one value of the field. */
export function elementType(type: SqlType): Exclude<SqlType, 'text[]' | 'integer[]'> {
  if (type === 'text[]') return 'text';
  return type === 'integer[]' ? 'integer' : type;
}

/** The text that a text test sees of one value. */
export function textSql(value: string, type: SqlType, dialect: ConditionDialect): string {
  switch (elementType(type)) {
    case 'text':
    case 'ip':
      return value;
    case 'integer':
      return dialect.integerText(value);
    case 'real':
      return dialect.realText(value);
    case 'boolean':
      return dialect.booleanText(value);
    case 'time':
      return dialect.integerText(dialect.micros(value));
  }
}

/** All values of a field as a list of texts; null when there are none. */
function textsSql({ sql, type }: SqlField, dialect: ConditionDialect): string {
  if (!isListType(type)) {
    const text = textSql(sql, type, dialect);
    return `CASE WHEN ${text} IS NOT NULL THEN ${dialect.list([text])} END`;
  }
  const present = dialect.filterList(sql, (value) => `${value} IS NOT NULL`);
  const texts = dialect.mapList(present, (value) => textSql(value, type, dialect));
  return `CASE WHEN ${dialect.listLength(present)} > 0 THEN ${texts} END`;
}

function transformSql(transform: Transform, parts: readonly SqlField[], dialect: ConditionDialect): SqlField | Absent {
  const [first] = parts;
  if (first === undefined) return { absent: `the transformer ${transform} has no argument` };
  switch (transform) {
    case 'lower':
      return perText(first, dialect, (text) => dialect.asciiLower(text));
    case 'upper':
      return perText(first, dialect, (text) => dialect.asciiUpper(text));
    case 'base64':
      return perText(first, dialect, (text) => dialect.base64Text(text));
    case 'basename':
      return perText(first, dialect, (text) => dialect.basename(text));
    case 'length': {
      const isList = isListType(first.type);
      const texts = isList ? textsSql(first, dialect) : textSql(first.sql, first.type, dialect);
      return { sql: isList ? dialect.listLength(texts) : dialect.byteLength(texts), type: 'integer' };
    }
    case 'list':
      return { sql: allTexts(parts, dialect), type: 'text[]' };
    case 'concat':
      return { sql: dialect.join(allTexts(parts, dialect), dialect.text('')), type: 'text' };
    case 'join':
      return {
        sql: dialect.join(allTexts(parts.slice(1), dialect), textSql(first.sql, first.type, dialect)),
        type: 'text',
      };
    case 'getopt':
      return { absent: 'the store cannot compute getopt()' };
  }
}

function perText({ sql, type }: SqlField, dialect: ConditionDialect, map: (text: string) => string): SqlField {
  if (!isListType(type)) return { sql: map(textSql(sql, type, dialect)), type: 'text' };
  return { sql: dialect.mapList(sql, (value) => map(textSql(value, type, dialect))), type: 'text[]' };
}

/** Null when one of the parts has no value. */
function allTexts(parts: readonly SqlField[], dialect: ConditionDialect): string {
  const lists = parts.map((part) => textsSql(part, dialect));
  const [only] = lists;
  if (only === undefined) return dialect.list([]);
  if (lists.length === 1) return only;
  const isWhole = lists.map((list) => `(${list}) IS NOT NULL`).join(' AND ');
  return `CASE WHEN ${isWhole} THEN ${dialect.concatLists(lists)} END`;
}
