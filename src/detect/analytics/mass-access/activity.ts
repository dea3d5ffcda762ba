import { microsPerDay, microsPerHour } from '../../../base/time.ts';
import type { EvidencePointer } from '../../../events/finding.ts';
import type { Macros } from '../../../store/macros.ts';
import type { ReadStore, SqlRow } from '../../../store/store.ts';
import { textsOf } from '../../make-finding.ts';

/** What is done to a thing, as far as it tells what an account is up to. */
export type Doing = 'reads' | 'changes' | 'deletes';

/** What an account did on one day in one log. */
export interface ActivityDay {
  readonly account: string;
  /** Dataset of the log. */
  readonly log: string;
  /** Days since 1970 (UTC). */
  readonly day: number;
  readonly done: ReadonlyMap<Doing, Amount>;
  /** Hours of the day (UTC) in which it did something. */
  readonly hours: ReadonlySet<number>;
  /** Machines and addresses that it came from or was seen at. */
  readonly places: ReadonlySet<string>;
  readonly first: number;
  readonly last: number;
  readonly evidence: readonly EvidencePointer[];
}

export interface Amount {
  readonly records: number;
  /** Things that differ; 0 where the log does not name them. */
  readonly objects: number;
}

/** Days of accounts by action that are read, the latest. */
const maxRows = 400_000;

function activity(m: Macros): string {
  const field = (name: string): string => m.jsonText('fields', name);
  const common = `coalesce(host_name, '') AS machine, time, evidence_id, evidence_at, event_dataset AS dataset`;
  const files = `SELECT lower(coalesce(user_name, login_name, '')) AS account, coalesce(event_action, '') AS word, file_path AS object, '' AS source, ${common}
    FROM file_access WHERE process_pid IS NULL AND process_name IS NULL`;
  const records = `SELECT lower(coalesce(user_name, '')) AS account, coalesce(${field('operation')}, ${field('action')}, ${field('command')}, log_name, '') AS word,
      coalesce(${field('object')}, ${field('path')}, ${field('file')}, message) AS object, coalesce(source_ip, '') AS source, ${common}
    FROM log WHERE user_name IS NOT NULL AND process_pid IS NULL AND process_name IS NULL`;
  return `SELECT * FROM (
    SELECT coalesce(i.name, account) AS person, coalesce(dataset, '') AS log, word, ${m.dayMicros('time')} AS day, count(*) AS n, ${m.countDistinct('object')} AS objects,
      ${m.distinctListOf(m.hourMicros('time'), 24)} AS hours, ${m.distinctListOf('machine', 8)} AS machines, ${m.distinctListOf('source', 8)} AS sources,
      ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last,
      ${m.firstBy('evidence_id', 'time')} AS first_id, ${m.firstBy('evidence_at', 'time')} AS first_at,
      ${m.lastBy('evidence_id', 'time')} AS last_id, ${m.lastBy('evidence_at', 'time')} AS last_at
    FROM (${files} UNION ALL ${records}) AS done LEFT JOIN identity i ON i.kind = 'user' AND i.value = done.account
    WHERE account <> '' AND NOT ${m.endsWith('account', "'$'")} AND NOT ${m.startsWith('account', "'system:'")} AND account NOT IN ('root', 'system', 'local service', 'network service', 'nt authority\\system')
    GROUP BY ALL ORDER BY day DESC LIMIT ${maxRows}) AS latest
  ORDER BY day, person, log, word`;
}

/** All that accounts of people did, by day in the order of time; those of machines and of parts of Kubernetes (`system:`) are left out. */
export async function readActivity(store: ReadStore): Promise<ActivityDay[]> {
  const rows = await store.query(activity(store.macros));
  const groups = Map.groupBy(rows, (row) => JSON.stringify([row['day'], row['person'], row['log']]));
  return [...groups.values()].map(dayOf);
}

function dayOf(rows: readonly SqlRow[]): ActivityDay {
  const [row = {}] = rows;
  const done = new Map<Doing, Amount>();
  for (const { word, n, objects } of rows) {
    const doing = doingOf(String(word));
    const { records, objects: before } = done.get(doing) ?? { records: 0, objects: 0 };
    done.set(doing, { records: records + Number(n), objects: before + Number(objects) });
  }
  const hours = rows.flatMap(({ hours: list }) => (Array.isArray(list) ? list : []));
  const places = rows.flatMap((one) => [...textsOf(one['machines']), ...textsOf(one['sources'])]);
  return {
    account: String(row['person']),
    log: String(row['log']),
    day: Math.floor(Number(row['day']) / microsPerDay),
    done,
    hours: new Set(hours.map((micros) => Math.floor(Number(micros) / microsPerHour) % 24)),
    places: new Set(places.filter((place) => place !== '')),
    first: Math.min(...rows.map((one) => Number(one['first']))),
    last: Math.max(...rows.map((one) => Number(one['last']))),
    evidence: rows.flatMap((one) => [
      { evidence_id: Number(one['first_id']), at: Number(one['first_at']) },
      { evidence_id: Number(one['last_id']), at: Number(one['last_at']) },
    ]),
  };
}

/** By the word that the log has for it: `unlink`, `DeleteObject`, `SELECT`, `print`. */
export function doingOf(word: string): Doing {
  if (/delet|remov|unlink|rmdir|drop|truncat|purge|erase|destroy/i.test(word)) return 'deletes';
  return /read|open|get|list|select|download|export|print|copy|view|query|fetch|search|access/i.test(word)
    ? 'reads'
    : 'changes';
}
