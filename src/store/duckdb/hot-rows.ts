import type { DuckDBConnection } from '@duckdb/node-api';
import { kindIds, type KindId } from '../../events/event.ts';
import { identifier } from './ddl.ts';
import { queryRows } from './read.ts';

/** Rows of the tables of unsealed events, counted along: asking all of them after each few events costs more than storing those. */
export class HotRows {
  /** Never too few: what is deleted stays counted until the table is asked. Undefined before all were asked. */
  #atMost: Map<KindId, number> | undefined;

  added(kind: KindId, count: number): void {
    this.#atMost?.set(kind, (this.#atMost.get(kind) ?? 0) + count);
  }

  /** Kinds with more unsealed rows than that. */
  async kindsBeyond(threshold: number, connection: DuckDBConnection): Promise<KindId[]> {
    const known = this.#atMost;
    const asked = known === undefined ? kindIds : kindIds.filter((kind) => (known.get(kind) ?? 0) > threshold);
    if (asked.length === 0) return [];
    const counts = asked.map((kind) => `SELECT '${kind}' AS kind, count(*) AS n FROM hot.${identifier(kind)}`);
    const rows = await queryRows(connection, counts.join(' UNION ALL '));
    this.#atMost ??= new Map();
    for (const row of rows) this.#atMost.set(row['kind'] as KindId, Number(row['n']));
    return rows.filter((row) => Number(row['n']) > threshold).map((row) => row['kind'] as KindId);
  }
}
