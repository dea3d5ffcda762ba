import type { DuckDBConnection } from '@duckdb/node-api';
import type { Problem } from '../../base/problem.ts';
import type { KindId } from '../../events/event.ts';
import type { Commit } from '../store.ts';
import { appendChunks } from './chunk-writer.ts';
import type { KindChunks } from './event-batch.ts';

/** Appends rows of the hot tables, and counts them. */
export async function writeEvents(
  connection: DuckDBConnection,
  evidenceId: number,
  kinds: readonly KindChunks[],
): Promise<void> {
  for (const { kind, chunks } of kinds) await appendChunks(connection, 'hot', kind, chunks);
  await writeCounts(
    connection,
    evidenceId,
    kinds.map(({ kind, count }) => [kind, count]),
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
