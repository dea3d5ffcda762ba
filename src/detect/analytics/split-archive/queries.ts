import type { Macros } from '../../../store/macros.ts';
import { pointerColumns } from '../../make-finding.ts';

/** Pieces are larger than this: smaller ones are blocks of a protocol. */
const leastPiece = 50_000;
const leastCount = 3;
/** Sets that are judged, those of the most bytes. */
const maxSets = 500;
/** Pieces of a set whose names, addresses and times are looked at. */
const maxLooked = 200;

/** Types that an archive begins with, in the words of Zeek and ours, and of libmagic in EVE. */
const archives: readonly string[] = [
  'zip',
  '7z',
  '7-zip',
  'rar',
  'tar',
  'bzip2',
  'x-xz',
  'xz compressed',
  'zstd',
  'zstandard',
  'pgp',
  'cab',
];

const isUnknown = `(file_mime_type IS NULL OR lower(file_mime_type) IN ('', 'data', 'application/octet-stream'))`;

/** `outward`: files that machines of ours sent out, or into a mail. */
function files(m: Macros, timeCondition: string): string {
  return `file AS (
  SELECT CASE WHEN file_from_source THEN source_ip ELSE destination_ip END AS sender, CASE WHEN file_from_source THEN destination_ip ELSE source_ip END AS receiver,
    time, uid, file_uid, file_name, file_size, file_mime_type, file_hash_sha256, network_protocol, url_domain, url_original, evidence_id, evidence_at
  FROM file_transfer WHERE file_from_source IS NOT NULL AND source_ip IS NOT NULL AND destination_ip IS NOT NULL AND file_size > 0 AND ${timeCondition}),
outward AS (
  SELECT * FROM file WHERE ${m.isLocal('sender')} AND (NOT ${m.isLocal('receiver')} OR lower(network_protocol) = 'smtp'))`;
}

/** `sent`: files of a table like `outward`, with the request that carried them. */
function withRequests(m: Macros, table: string): string {
  return `request AS (SELECT uid, file_uids, url_original, url_domain FROM http WHERE uid IN (SELECT uid FROM ${table})),
sent AS (
  SELECT o.sender AS sender, o.receiver AS receiver, o.time AS time, o.file_size AS size, o.file_mime_type AS file_mime_type, o.file_hash_sha256 AS hash,
    o.network_protocol AS protocol, o.evidence_id AS evidence_id, o.evidence_at AS evidence_at, o.file_name AS file_name,
    coalesce(o.url_original, r.url_original) AS url, coalesce(o.url_domain, r.url_domain) AS host
  FROM ${table} o LEFT JOIN request r ON r.uid = o.uid AND o.file_uid IS NOT NULL AND ${m.listHas('r.file_uids', 'o.file_uid')})`;
}

/**
 * Files of exactly one size that a machine sent, at most one in three of which has a known type: that of an archive. A row for each machine and size.
 * The sets are told by counts first: names, times and hashes of all files that were ever sent would take minutes.
 */
export function equalFiles(m: Macros, timeCondition: string): string {
  const isArchive = `(${archives.map((type) => m.contains('lower(file_mime_type)', `'${type}'`)).join(' OR ')})`;
  const looked = (column: string): string => m.firstsBy(`coalesce(${column}, '')`, ['time', 'evidence_at'], maxLooked);
  const unknown = m.countIf(isUnknown);
  const heads = m.countIf(`NOT ${isUnknown} AND ${isArchive}`);
  return `WITH ${files(m, timeCondition)},
equal AS (SELECT sender AS equal_sender, file_size AS equal_size FROM outward WHERE file_size >= ${leastPiece} GROUP BY sender, file_size
  HAVING count(*) >= ${leastCount} AND ${unknown} + ${heads} = count(*) AND 3 * ${unknown} >= 2 * count(*)
  ORDER BY count(*) * file_size DESC, sender, file_size LIMIT ${maxSets}),
piece AS (SELECT o.* FROM outward o JOIN equal e ON e.equal_sender = o.sender AND e.equal_size = o.file_size),
${withRequests(m, 'piece')}
SELECT sender, size, count(*) AS n, ${unknown} AS unknown, ${heads} AS heads,
  ${m.countDistinct('hash')} AS hashes, ${m.countIf('hash IS NOT NULL')} AS hashed, ${m.distinctListOf('receiver', maxLooked)} AS receivers,
  ${m.distinctListOf('host', maxLooked)} AS hosts, ${m.distinctListOf('protocol', 5)} AS protocols, ${looked('file_name')} AS names, ${looked('url')} AS urls,
  ${m.firstsBy(m.micros('time'), ['time', 'evidence_at'], maxLooked)} AS times, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
FROM sent GROUP BY sender, size ORDER BY count(*) * size DESC, sender, size`;
}

/** Smaller files behind a set that may be its rest. */
const maxRests = 20;

/**
 * Smaller files of no known type that the machine (first parameter) sent within an hour from a time (µs, second and third) on, with their names:
 * one may be the rest of an archive. Fourth: the size of a piece.
 */
export function restsOf(m: Macros, timeCondition: string): string {
  return `WITH ${files(m, timeCondition)},
behind AS (SELECT * FROM outward WHERE sender = ? AND ${m.micros('time')} >= ? AND ${m.micros('time')} <= ? AND file_size < ? AND ${isUnknown}
  ORDER BY time, evidence_at LIMIT ${maxRests}),
${withRequests(m, 'behind')}
SELECT size, coalesce(file_name, '') AS name, coalesce(url, '') AS url FROM sent ORDER BY time, evidence_at LIMIT ${maxRests}`;
}
