import type { ReadStore } from '../../store/store.ts';
import { isMimeMismatch } from './mime-types.ts';
import { pairKey } from './pair.ts';
import type { RitaWindow } from './window.ts';

/** Keys of pairs that a modifier of RITA holds for (RITA v5, modifier/modifier.go). */
export interface PairMarks {
  /** The host shows a user agent or JA3 to this destination and to no other. */
  readonly rareSignature: ReadonlySet<string>;
  /** An answer's type does not fit the extension of what was asked for. */
  readonly mimeMismatch: ReadonlySet<string>;
}

export const noMarks: PairMarks = { rareSignature: new Set(), mimeMismatch: new Set() };

export async function readMarks(store: ReadStore, window: RitaWindow): Promise<PairMarks> {
  return {
    rareSignature: await rareSignatures(store, window),
    mimeMismatch: await mimeMismatches(store, window),
  };
}

async function rareSignatures(store: ReadStore, window: RitaWindow): Promise<Set<string>> {
  const rows = await store.query(`WITH shown AS (
  SELECT h.src, h.signature, CASE WHEN h.host = '' THEN h.dst ELSE h.host END AS other, h.host = '' AS is_address
  FROM http_row h JOIN link l ON l.uid = h.uid WHERE h.rank <= 20 AND l.ts >= ${window.from} AND h.signature IS NOT NULL
  UNION ALL
  SELECT src, signature, fqdn, FALSE FROM sni WHERE NOT is_http AND ts >= ${window.from} AND signature IS NOT NULL),
rare AS (
  SELECT src, signature, is_address, min(other) AS other FROM shown WHERE signature <> ''
  GROUP BY src, signature, is_address HAVING count(DISTINCT other) = 1)
SELECT DISTINCT src, other FROM rare`);
  return new Set(rows.map((row) => pairKey(String(row['src']), String(row['other']))));
}

async function mimeMismatches(store: ReadStore, window: RitaWindow): Promise<Set<string>> {
  const marked = new Set<string>();
  const sql = `SELECT DISTINCT h.src, h.host, h.url_original, h.mime_types FROM http_row h JOIN link l ON l.uid = h.uid
WHERE h.rank <= 20 AND h.host <> '' AND l.ts >= ${window.from} AND h.mime_types IS NOT NULL AND h.url_original IS NOT NULL`;
  for await (const chunk of store.scan(sql)) {
    const [sources, hosts, targets, types] = [0, 1, 2, 3].map((column) => chunk.texts(column));
    for (let row = 0; row < chunk.rowCount; row++) {
      const isMismatch = (types?.[row] ?? '').split(',').some((type) => isMimeMismatch(targets?.[row] ?? '', type));
      if (isMismatch) marked.add(pairKey(sources?.[row] ?? '', hosts?.[row] ?? ''));
    }
  }
  return marked;
}

/** Addresses and domains on the case's threat-intelligence lists. */
export async function readThreatIntel(store: ReadStore): Promise<Set<string>> {
  const rows = await store.query("SELECT DISTINCT value FROM indicator WHERE kind IN ('address', 'domain')");
  return new Set(rows.map((row) => String(row['value'])));
}

/** Distinct internal hosts of the window: what prevalence is a share of. */
export async function readNetworkSize(store: ReadStore, window: RitaWindow): Promise<number> {
  const ends = (table: string, condition: string): string =>
    `SELECT src AS host FROM ${table} WHERE src_local AND ${condition} UNION SELECT dst FROM ${table} WHERE dst_local AND ${condition}`;
  const since = `ts >= ${window.anyFrom}`;
  const ids = ['src_id', 'dst_id'].flatMap((end) => [
    `SELECT ${end} AS id FROM conn WHERE ${since}`,
    `SELECT ${end} FROM open_conn`,
  ]);
  const [row] = await store.query(`WITH host AS (
  SELECT ip AS host FROM flow_end WHERE is_local AND id IN (${ids.join(' UNION ALL ')})
  UNION ${[ends('sni', `is_http AND ${since}`), ends('open_name', 'is_http'), ends('dns_row', since)].join(' UNION ')})
SELECT count(*) AS n FROM host`);
  return Number(row?.['n'] ?? 0);
}

/** First use of names and addresses, in seconds: of the tables over all that is stored what RITA's rolling data sets remember. */
export async function readHistory(store: ReadStore): Promise<Map<string, number>> {
  const first = new Map<string, number>();
  const far = 'CASE WHEN src_local THEN dst_id ELSE src_id END';
  const sql = `WITH seen AS (
  SELECT e.ip AS thing, c.ts FROM (
    SELECT id, min(ts) AS ts FROM (SELECT ${far} AS id, ts FROM conn UNION ALL SELECT ${far}, ts FROM open_conn) AS f
    GROUP BY id) AS c JOIN flow_end e ON e.id = c.id
  UNION ALL SELECT fqdn, ts FROM sni UNION ALL SELECT fqdn, ts FROM open_name UNION ALL SELECT name, ts FROM dns_row)
SELECT thing, min(ts) AS ts FROM seen GROUP BY thing`;
  for await (const chunk of store.scan(sql)) {
    const [things, times] = [chunk.texts(0), chunk.numbers(1)];
    for (let row = 0; row < chunk.rowCount; row++) first.set(things[row] ?? '', times[row] ?? 0);
  }
  return first;
}
