import type { ColumnType } from '../../events/kind.ts';
import { columnEntries, kindIds, type KindId } from '../../events/event.ts';
import { derivedTables, type TableSpec } from '../tables.ts';

/** DuckDB type that stands for a column type. */
export const duckdbTypes: Readonly<Record<ColumnType | 'number128', string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  real: 'DOUBLE',
  boolean: 'BOOLEAN',
  time: 'TIMESTAMP',
  duration: 'BIGINT',
  ip: 'VARCHAR',
  'text[]': 'VARCHAR[]',
  json: 'VARCHAR',
  number128: 'UHUGEINT',
};

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Statements that make every table of a case where it is missing. */
export function createStatements(): string[] {
  return ['CREATE SCHEMA IF NOT EXISTS hot', ...kindIds.map(hotTable), ...ledgerTables, ...derived()];
}

function hotTable(kind: KindId): string {
  return `CREATE TABLE IF NOT EXISTS hot.${identifier(kind)} (${columnDefinitions(kind)})`;
}

/** Names and types of the columns of a kind, as they stand in CREATE TABLE. */
function columnDefinitions(kind: KindId): string {
  return columnEntries(kind)
    .map(([name, spec]) => `${identifier(name)} ${duckdbTypes[spec.type]}`)
    .join(', ');
}

function derived(): string[] {
  return Object.entries<TableSpec>(derivedTables).map(([name, spec]) => {
    const columns = Object.entries(spec.columns).map(
      ([column, [type]]) => `${identifier(column)} ${duckdbTypes[type]}`,
    );
    return `CREATE TABLE IF NOT EXISTS ${identifier(name)} (${columns.join(', ')})`;
  });
}

const ledgerTables = [
  'CREATE SEQUENCE IF NOT EXISTS evidence_sequence START 1',
  'CREATE SEQUENCE IF NOT EXISTS part_sequence START 1',
  `CREATE TABLE IF NOT EXISTS evidence (
    evidence_id BIGINT PRIMARY KEY, path VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, content_sha256 VARCHAR NOT NULL,
    size BIGINT NOT NULL, head_sha256 VARCHAR NOT NULL, source VARCHAR, done_byte BIGINT NOT NULL, done_line BIGINT NOT NULL,
    done_state VARCHAR, is_complete BOOLEAN NOT NULL, added_at TIMESTAMP NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS evidence_count (evidence_id BIGINT NOT NULL, kind VARCHAR NOT NULL, events BIGINT NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS problem (
    evidence_id BIGINT, code VARCHAR NOT NULL, line BIGINT, byte BIGINT, message VARCHAR NOT NULL, hint VARCHAR, count BIGINT NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS part (
    part_id BIGINT PRIMARY KEY, kind VARCHAR NOT NULL, file VARCHAR NOT NULL, row_count BIGINT NOT NULL, size BIGINT NOT NULL,
    first_time TIMESTAMP NOT NULL, last_time TIMESTAMP NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS finding (
    id VARCHAR PRIMARY KEY, detector VARCHAR, title VARCHAR, severity VARCHAR, score DOUBLE, first_seen TIMESTAMP,
    last_seen TIMESTAMP, count BIGINT, entities VARCHAR[], attack VARCHAR[], body VARCHAR NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS incident (
    id VARCHAR PRIMARY KEY, title VARCHAR, risk DOUBLE, severity VARCHAR, first_seen TIMESTAMP, last_seen TIMESTAMP,
    entities VARCHAR[], attack VARCHAR[], findings VARCHAR[], body VARCHAR NOT NULL)`,
  'CREATE TABLE IF NOT EXISTS setting (name VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)',
];

/** The view that is a kind's name: hot rows and sealed parts together. */
export function kindView(kind: KindId, files: readonly string[]): string {
  const name = identifier(kind);
  const rows = files.length === 0 ? `hot.${name}` : `(SELECT * FROM hot.${name} UNION ALL BY NAME ${partRows(files)})`;
  return `CREATE OR REPLACE VIEW ${name} AS SELECT ${columnNames(kind)} FROM ${rows}`;
}

/** SELECT of the rows of sealed parts, for a database that has no tables of the case. A part of an older version may lack columns. */
export function sealedRows(kind: KindId, files: readonly string[]): string {
  const nulls = columnEntries(kind).map(([name, spec]) => `NULL::${duckdbTypes[spec.type]} AS ${identifier(name)}`);
  return `SELECT ${columnNames(kind)} FROM (SELECT ${nulls.join(', ')} WHERE FALSE UNION ALL BY NAME ${partRows(files)})`;
}

function columnNames(kind: KindId): string {
  return columnEntries(kind)
    .map(([name]) => identifier(name))
    .join(', ');
}

/** Rows of a bulk part carry the line of their chunk's first row instead of their own line, which is that plus the row's number in the file. */
function partRows(files: readonly string[]): string {
  return `SELECT * REPLACE (coalesce(evidence_at, evidence_line + file_row_number) AS evidence_at)
    FROM read_parquet([${files.map(literal).join(', ')}], file_row_number = true, union_by_name = true)`;
}
