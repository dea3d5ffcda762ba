import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { isKindId, type KindId } from '../../events/event.ts';
import { identifier, literal } from './ddl.ts';
import { queryRows } from './read.ts';

/** A sealed part with rows of a content. */
export interface HoldingPart {
  readonly partId: number;
  readonly kind: KindId;
  readonly file: string;
  /** It has rows of other contents too. */
  readonly isShared: boolean;
}

/** Kinds that a content has given events of. */
export async function kindsOf(connection: DuckDBConnection, evidenceId: number): Promise<KindId[]> {
  const rows = await queryRows(connection, 'SELECT DISTINCT kind FROM evidence_count WHERE evidence_id = ?', [
    evidenceId,
  ]);
  return rows.map((row) => String(row['kind'])).filter(isKindId);
}

export async function partsHolding(
  connection: DuckDBConnection,
  partitions: string,
  kinds: readonly KindId[],
  evidenceId: number,
): Promise<HoldingPart[]> {
  const holding: HoldingPart[] = [];
  for (const kind of kinds) {
    for (const part of await queryRows(connection, 'SELECT part_id, file, row_count FROM part WHERE kind = ?', [
      kind,
    ])) {
      const file = String(part['file']);
      const from = `read_parquet(${literal(join(partitions, file))})`;
      const [held] = await queryRows(connection, `SELECT count(*) AS n FROM ${from} WHERE evidence_id = ?`, [
        evidenceId,
      ]);
      const rows = Number(held?.['n'] ?? 0);
      if (rows === 0) continue;
      holding.push({ partId: Number(part['part_id']), kind, file, isShared: rows < Number(part['row_count']) });
    }
  }
  return holding;
}

/** Takes a content's rows, parts and problems out, and has it begin anew. */
export async function dropEvents(
  connection: DuckDBConnection,
  evidenceId: number,
  kinds: readonly KindId[],
  parts: readonly HoldingPart[],
  source: string,
): Promise<void> {
  for (const { partId } of parts) await connection.run('DELETE FROM part WHERE part_id = ?', [partId]);
  const tables = [...kinds.map((kind) => `hot.${identifier(kind)}`), 'evidence_count', 'problem'];
  for (const table of tables) await connection.run(`DELETE FROM ${table} WHERE evidence_id = ?`, [evidenceId]);
  await connection.run(
    `UPDATE evidence SET source = ?, done_byte = 0, done_line = 0, done_state = NULL, is_complete = false WHERE evidence_id = ?`,
    [source, evidenceId],
  );
}
