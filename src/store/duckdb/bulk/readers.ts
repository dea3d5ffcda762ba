import type { Conversion, Reader } from '../../../events/mapping.ts';
import { partsOf } from '../../../events/readers.ts';
import { convertSql } from './convert.ts';
import type { Operand } from './fragment.ts';
import { literal, type Fragment } from './fragment.ts';

type OperandOf = (path: string) => Operand;
type PathReader = Extract<Reader, { path: string }>;

/** A mapping's reader in SQL, as `collect/mapping/combine.ts` has it in JavaScript. */
export function readerSql(reader: Reader, operandOf: OperandOf): Fragment {
  if ('path' in reader) return pathSql(reader, operandOf(reader.path));
  if ('constant' in reader) {
    const { constant } = reader;
    return { sql: typeof constant === 'string' ? literal(constant) : String(constant), irregular: [] };
  }
  if ('join' in reader) return joinSql(reader, operandOf);
  const parts = partsOf(reader).map((part) => readerSql(part, operandOf));
  const values = parts.map((part) => part.sql);
  return { sql: combined(reader, values), irregular: parts.flatMap((part) => part.irregular) };
}

function combined(reader: Exclude<Reader, PathReader>, values: readonly string[]): string {
  const [left = 'NULL', right = 'NULL'] = values;
  if ('first' in reader) return `coalesce(${values.join(', ')})`;
  return 'plus' in reader ? `coalesce(${left} + ${right}, ${left}, ${right})` : `(${left} - ${right})`;
}

const listConversions: ReadonlySet<Conversion> = new Set(['list', 'ips']);

function pathSql(reader: PathReader, operand: Operand): Fragment {
  const { sql, irregular } = convertSql(reader.as, operand);
  if (reader.table === undefined && reader.otherwise === undefined) return { sql, irregular };
  if (!listConversions.has(reader.as)) return { sql: replaced(sql, reader), irregular };
  return { sql: `list_transform(${sql}, lambda x: ${replaced('x', reader)})`, irregular };
}

function replaced(value: string, { table, otherwise }: Pick<PathReader, 'table' | 'otherwise'>): string {
  const text = `CAST(${value} AS VARCHAR)`;
  const cases = Object.entries(table ?? {}).map(([from, to]) => `WHEN ${text} = ${literal(from)} THEN ${literal(to)}`);
  return `CASE WHEN ${value} IS NULL THEN NULL ${cases.join(' ')} ELSE ${otherwise === undefined ? text : literal(otherwise)} END`;
}

/** Numbers with a fraction and lists are spelled differently by the two sides: rows that have one are decoded. */
const spelledAlike: ReadonlySet<Conversion> = new Set([
  'text',
  'lower',
  'name',
  'hostname',
  'hex',
  'ip',
  'integer',
  'boolean',
  'joined',
  'json',
]);

function joinSql(reader: Extract<Reader, { join: unknown }>, operandOf: OperandOf): Fragment {
  const parts = reader.join.map((part) => ({ part, fragment: readerSql(part, operandOf) }));
  const texts = parts.map(({ fragment }) => `CAST(${fragment.sql} AS VARCHAR)`);
  const joined = `concat_ws(${literal(reader.by)}, ${texts.join(', ')})`;
  const unlike = parts.filter(({ part }) => 'path' in part && !spelledAlike.has(part.as));
  return {
    sql: replaced(`CASE WHEN coalesce(${texts.join(', ')}) IS NOT NULL THEN ${joined} END`, reader),
    irregular: [
      ...parts.flatMap(({ fragment }) => fragment.irregular),
      ...unlike.map(({ fragment }) => `${fragment.sql} IS NOT NULL`),
    ],
  };
}
