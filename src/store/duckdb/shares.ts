import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { KindId } from '../../events/event.ts';
import type { Macros } from '../macros.ts';
import type { Share, SharedRows } from '../store.ts';
import { identifier, sealedRows } from './ddl.ts';
import { queryRows, scanRows } from './read.ts';

/** Small parts share a question up to so many rows: opening files costs too. */
const rowsPerShare = 100_000;

/** Shows all rows of some kinds, as they stand when it begins: whatever is sealed meanwhile is seen once, where it stood. */
export async function withShares<T>(
  connection: DuckDBConnection,
  macros: Macros,
  partitions: string,
  kinds: readonly KindId[],
  work: (rows: SharedRows) => Promise<T>,
): Promise<T> {
  await connection.run('BEGIN TRANSACTION READ ONLY');
  try {
    const shares: Share[] = [];
    for (const kind of kinds) {
      shares.push(...(await hotShare(connection, kind)), ...(await sealedShares(connection, kind, partitions)));
    }
    const scan: SharedRows['store']['scan'] = (sql, parameters = []) => scanRows(connection, sql, parameters);
    return await work({ store: { macros, scan }, shares, sealedFolder: partitions });
  } finally {
    await connection.run('ROLLBACK').catch(() => undefined);
  }
}

async function hotShare(connection: DuckDBConnection, kind: KindId): Promise<Share[]> {
  const table = `hot.${identifier(kind)}`;
  const [row] = await queryRows(connection, `SELECT count(*) AS n FROM ${table}`);
  const rows = Number(row?.['n'] ?? 0);
  return rows === 0 ? [] : [{ kind, rows, from: `SELECT * FROM ${table}`, isSealed: false }];
}

async function sealedShares(connection: DuckDBConnection, kind: KindId, partitions: string): Promise<Share[]> {
  const parts = await queryRows(connection, 'SELECT file, row_count FROM part WHERE kind = ? ORDER BY part_id', [kind]);
  const shares: Share[] = [];
  let [files, rows]: [string[], number] = [[], 0];
  for (const [at, part] of parts.entries()) {
    files.push(join(partitions, String(part['file'])));
    rows += Number(part['row_count']);
    if (rows < rowsPerShare && at < parts.length - 1) continue;
    shares.push({ kind, rows, from: sealedRows(kind, files), isSealed: true });
    [files, rows] = [[], 0];
  }
  return shares;
}
