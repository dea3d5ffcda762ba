import type { DuckDBConnection } from '@duckdb/node-api';
import type { Entity } from '../../events/entity.ts';
import type { Finding } from '../../events/finding.ts';
import type { Incident } from '../../events/incident.ts';
import { appendRows } from './chunk-writer.ts';

const findingColumns = [
  { name: 'id', type: 'text' },
  { name: 'detector', type: 'text' },
  { name: 'title', type: 'text' },
  { name: 'severity', type: 'text' },
  { name: 'score', type: 'real' },
  { name: 'first_seen', type: 'time' },
  { name: 'last_seen', type: 'time' },
  { name: 'count', type: 'integer' },
  { name: 'entities', type: 'text[]' },
  { name: 'attack', type: 'text[]' },
  { name: 'body', type: 'text' },
] as const;

const incidentColumns = [
  { name: 'id', type: 'text' },
  { name: 'title', type: 'text' },
  { name: 'risk', type: 'real' },
  { name: 'severity', type: 'text' },
  { name: 'first_seen', type: 'time' },
  { name: 'last_seen', type: 'time' },
  { name: 'entities', type: 'text[]' },
  { name: 'attack', type: 'text[]' },
  { name: 'findings', type: 'text[]' },
  { name: 'body', type: 'text' },
] as const;

/** Replaces the verdict inside the caller's transaction. Columns are for hunting; `body` is the whole thing as JSON. */
export async function writeVerdict(
  connection: DuckDBConnection,
  findings: readonly Finding[],
  incidents: readonly Incident[],
): Promise<void> {
  await connection.run('DELETE FROM finding');
  await connection.run('DELETE FROM incident');
  const withBody = <T extends { readonly entities: readonly Entity[] }>(row: T) => ({
    ...row,
    entities: row.entities.map(entityText),
    body: JSON.stringify(row),
  });
  await appendRows(connection, null, 'finding', findingColumns, findings.map(withBody));
  await appendRows(connection, null, 'incident', incidentColumns, incidents.map(withBody));
}

function entityText(entity: Entity): string {
  return `${entity.kind}:${entity.value}`;
}

export async function readBodies<T>(
  connection: DuckDBConnection,
  table: 'finding' | 'incident',
  order: string,
): Promise<T[]> {
  const reader = await connection.runAndReadAll(`SELECT body FROM ${table} ORDER BY ${order}`);
  return reader.getRows().map(([body]) => JSON.parse(String(body)) as T);
}
