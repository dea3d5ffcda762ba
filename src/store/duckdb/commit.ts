import type { DuckDBConnection } from '@duckdb/node-api';
import type { Problem } from '../../base/problem.ts';
import type { KindId } from '../../events/event.ts';
import type { Commit, EvidenceChange } from '../store.ts';
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

/** What the content is known by from now on; there is more of it to read. */
export async function writeChange(
  connection: DuckDBConnection,
  evidenceId: number,
  change: EvidenceChange,
): Promise<void> {
  await connection.run(`UPDATE evidence SET ${changeColumns}, is_complete = false WHERE evidence_id = ?`, [
    ...changeValues(change),
    evidenceId,
  ]);
  await forgetCut(connection, evidenceId);
}

/** The end of a content that was cut and has grown is not cut any more. */
export async function forgetCut(connection: DuckDBConnection, evidenceId: number): Promise<void> {
  await connection.run("DELETE FROM problem WHERE evidence_id = ? AND code = 'truncated'", [evidenceId]);
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

/** How far the content is read; with what it has grown to, in one statement. */
export async function writeProgress(
  connection: DuckDBConnection,
  evidenceId: number,
  { byte, line, state, isComplete }: Commit['progress'],
  change?: EvidenceChange,
): Promise<void> {
  const grown = change === undefined ? '' : `${changeColumns}, `;
  await connection.run(
    `UPDATE evidence SET ${grown}done_byte = ?, done_line = ?, done_state = ?, is_complete = ? WHERE evidence_id = ?`,
    [...(change === undefined ? [] : changeValues(change)), byte, line, state, isComplete, evidenceId],
  );
}

const changeColumns = 'path = ?, sha256 = ?, content_sha256 = ?, head_sha256 = ?, size = ?';

function changeValues({ path, sha256, content_sha256, head_sha256, size }: EvidenceChange): (string | number)[] {
  return [path, sha256, content_sha256, head_sha256, size];
}
