import type { KindId } from '../events/event.ts';
import type { NarrowableStore, Narrowing, ReadStore } from '../store/store.ts';

/** The store without the rows of connections that another sensor tells more of; itself when each was seen by one only. */
export async function seenOnce(store: NarrowableStore): Promise<ReadStore> {
  const rows = await store.query('SELECT DISTINCT kind FROM second_sighting ORDER BY kind');
  if (rows.length === 0) return store;
  return store.narrowed(rows.map((row) => withoutSecond(row['kind'] as KindId)));
}

function withoutSecond(kind: KindId): Narrowing {
  return {
    kind,
    where: () => `(uid IS NULL OR (split_part(coalesce(event_dataset, ''), '.', 1), uid) NOT IN
      (SELECT (sensor, uid) FROM second_sighting WHERE kind = '${kind}'))`,
  };
}
