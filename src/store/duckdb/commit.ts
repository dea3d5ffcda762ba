import type { DuckDBConnection } from '@duckdb/node-api';
import type { Problem } from '../../base/problem.ts';
import { columnEntries, kindIds, type KindId, type VakthundEvent } from '../../events/event.ts';
import type { Commit } from '../store.ts';
import { appendRows, type WriteColumn } from './chunk-writer.ts';

const kindColumns = Object.fromEntries(
  kindIds.map((kind) => [kind, columnEntries(kind).map(([name, spec]) => ({ name, type: spec.type }))]),
) as Record<KindId, WriteColumn[]>;

/** Appends events to a table with the columns of their kind. */
export async function appendEvents(
  connection: DuckDBConnection,
  schema: string | null,
  table: string,
  kind: KindId,
  events: readonly VakthundEvent[],
): Promise<void> {
  await appendRows(connection, schema, table, kindColumns[kind], events);
}

/** The events of a content by kind; each gets the content's number. */
export function eventsByKind(evidenceId: number, events: readonly VakthundEvent[]): Map<KindId, VakthundEvent[]> {
  const byKind = new Map<KindId, VakthundEvent[]>();
  for (const event of events) {
    event.evidence_id = evidenceId;
    const list = byKind.get(event.kind);
    if (list === undefined) byKind.set(event.kind, [event]);
    else list.push(event);
  }
  return byKind;
}

export async function writeEvents(
  connection: DuckDBConnection,
  evidenceId: number,
  byKind: ReadonlyMap<KindId, readonly VakthundEvent[]>,
): Promise<void> {
  for (const [kind, events] of byKind) await appendEvents(connection, 'hot', kind, kind, events);
  await writeCounts(
    connection,
    evidenceId,
    [...byKind].map(([kind, events]) => [kind, events.length]),
  );
}

export async function writeCounts(
  connection: DuckDBConnection,
  evidenceId: number,
  counts: readonly (readonly [KindId, number])[],
): Promise<void> {
  for (const [kind, events] of counts) {
    await connection.run('INSERT INTO evidence_count VALUES (?, ?, ?)', [evidenceId, kind, events]);
  }
}

export async function writeProblems(
  connection: DuckDBConnection,
  evidenceId: number | null,
  problems: readonly Problem[],
): Promise<void> {
  for (const problem of problems) {
    await connection.run('INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?)', [
      evidenceId,
      problem.code,
      problem.at.line ?? null,
      problem.at.byte ?? null,
      problem.message,
      problem.hint ?? null,
      problem.count ?? 1,
    ]);
  }
}

export async function writeProgress(
  connection: DuckDBConnection,
  evidenceId: number,
  progress: Commit['progress'],
): Promise<void> {
  await connection.run(
    'UPDATE evidence SET done_byte = ?, done_line = ?, done_state = ?, is_complete = ? WHERE evidence_id = ?',
    [progress.byte, progress.line, progress.state, progress.isComplete, evidenceId],
  );
}
