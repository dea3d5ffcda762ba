import type { DuckDBConnection } from '@duckdb/node-api';
import { microsPerDay, type Micros } from '../../base/time.ts';
import { isKindId, type KindId } from '../../events/event.ts';
import type { Forgotten } from '../store.ts';
import { identifier, literal } from './ddl.ts';
import { queryRows } from './read.ts';

/** What a transaction dropped, and the files below `partitions/` that nothing names once it is committed. */
export interface Dropped {
  readonly events: readonly Forgotten[];
  readonly files: readonly string[];
}

/** How far a clock may be ahead before it is taken for wrong. */
const aheadMicros = microsPerDay;

/** Drops hot rows that are older, and sealed parts whose newest event is. */
export async function dropOlder(
  connection: DuckDBConnection,
  olderThan: Micros,
  kinds: readonly KindId[],
): Promise<Dropped> {
  const bound = `make_timestamp(${Math.floor(olderThan)})`;
  const hot: Forgotten[] = [];
  for (const kind of kinds) {
    const rows = `FROM hot.${identifier(kind)} WHERE time < ${bound}`;
    const [found] = await queryRows(connection, `SELECT count(*) AS n, min(time) AS first, max(time) AS last ${rows}`);
    if (Number(found?.['n'] ?? 0) === 0) continue;
    hot.push({ kind, events: Number(found?.['n']), first: Number(found?.['first']), last: Number(found?.['last']) });
    await connection.run(`DELETE ${rows}`);
  }
  const sealed = await dropParts(connection, `last_time < ${bound} AND kind IN (${kinds.map(literal).join(', ')})`);
  return remember(connection, [...hot, ...sealed.events], sealed.files);
}

/**
 * Drops the oldest sealed parts of these kinds, together, until the others take no more bytes than that. The age of a part is that of its
 * newest event. A clock that runs ahead does not make a part young, or forged times would push out what is true.
 */
export async function dropBeyond(
  connection: DuckDBConnection,
  maxBytes: number,
  kinds: readonly KindId[],
  now: Micros,
): Promise<Dropped> {
  const latest = `make_timestamp(${Math.floor(now + aheadMicros)})`;
  const age = `CASE WHEN last_time <= ${latest} THEN last_time WHEN first_time <= ${latest} THEN first_time END`;
  const sealed = await dropParts(
    connection,
    `part_id IN (
      SELECT part_id FROM part WHERE kind IN (${kinds.map(literal).join(', ')})
      QUALIFY sum(size) OVER (ORDER BY ${age} DESC NULLS LAST, part_id DESC) > ${Math.floor(maxBytes)})`,
  );
  return remember(connection, sealed.events, sealed.files);
}

async function dropParts(connection: DuckDBConnection, condition: string): Promise<Dropped> {
  const rows = await queryRows(
    connection,
    `DELETE FROM part WHERE ${condition} RETURNING kind, file, row_count, first_time, last_time`,
  );
  const events = rows.flatMap((row): Forgotten[] => {
    const kind = String(row['kind']);
    if (!isKindId(kind)) return [];
    const [first, last] = [Number(row['first_time']), Number(row['last_time'])];
    return [{ kind, events: Number(row['row_count']), first, last }];
  });
  return { events, files: rows.map((row) => String(row['file'])) };
}

/** Keeps what the case has forgotten, by kind, in the transaction that forgets it. */
export async function remember(
  connection: DuckDBConnection,
  dropped: readonly Forgotten[],
  files: readonly string[],
): Promise<Dropped> {
  const events = byKind(dropped);
  if (events.length > 0) {
    const all = byKind([...(await readForgotten(connection)), ...events]);
    await connection.run("INSERT OR REPLACE INTO setting VALUES ('forgotten', ?)", [JSON.stringify(all)]);
  }
  return { events, files };
}

/** All that the case has ever forgotten, one entry for each kind. */
export async function readForgotten(connection: DuckDBConnection): Promise<Forgotten[]> {
  const [row] = await queryRows(connection, "SELECT value FROM setting WHERE name = 'forgotten'");
  return row === undefined ? [] : (JSON.parse(String(row['value'])) as Forgotten[]);
}

function byKind(entries: readonly Forgotten[]): Forgotten[] {
  const sums = new Map<KindId, Forgotten>();
  for (const entry of entries) {
    const { events, first, last } = sums.get(entry.kind) ?? { ...entry, events: 0 };
    sums.set(entry.kind, {
      kind: entry.kind,
      events: events + entry.events,
      first: Math.min(first, entry.first),
      last: Math.max(last, entry.last),
    });
  }
  return [...sums.values()];
}
