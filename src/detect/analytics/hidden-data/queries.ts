import type { Macros } from '../../../store/macros.ts';
import { pointerColumns } from '../../make-finding.ts';

/** Senders, receivers and signs that are judged, the strongest first. */
export const maxWays = 200;
/** Names and hashes of a way that are told. */
const maxNamed = 10;

/**
 * Signs that pictures hide something, by sender, receiver, kind of sign and type of picture: the strongest in its own words, how many different pictures have
 * it, and how many of its type went the same way.
 */
export function hiddenData(m: Macros, timeCondition: string): string {
  const field = (name: string): string => m.jsonText('fields', name);
  const isOut = `${field('is_orig')} = 'true'`;
  return `WITH signs AS (
  SELECT time, evidence_id, evidence_at, message, CASE WHEN ${isOut} THEN source_ip ELSE destination_ip END AS sender,
    CASE WHEN ${isOut} THEN destination_ip ELSE source_ip END AS receiver, uid, ${field('id')} AS file, ${field('sha256')} AS sha256, ${field('mime_type')} AS type,
    ${field('sign')} AS sign, ${m.numberOf(field('score'))} AS score, ${field('reasons')} AS reasons, ${field('attack')} AS attack, CASE WHEN ${isOut} THEN 1 ELSE 0 END AS is_out
  FROM log WHERE event_dataset = 'pcap.hidden_data' AND source_ip IS NOT NULL AND destination_ip IS NOT NULL AND ${timeCondition}),
file AS (
  SELECT file_uid, uid, file_hash_sha256 AS sha256, file_mime_type AS type, file_name, url_domain, url_original, network_protocol,
    CASE WHEN file_from_source THEN source_ip ELSE destination_ip END AS sender, CASE WHEN file_from_source THEN destination_ip ELSE source_ip END AS receiver
  FROM file_transfer WHERE file_mime_type IN (SELECT type FROM signs) AND ${timeCondition}),
went AS (SELECT sender, receiver, type, ${m.countDistinct('sha256')} AS pictures FROM file GROUP BY sender, receiver, type)
SELECT s.sender AS sender, s.receiver AS receiver, s.sign AS sign, s.type AS type, count(*) AS n, ${m.countDistinct('s.sha256')} AS hidden, max(w.pictures) AS pictures, max(s.is_out) AS is_out,
  ${m.lastBy('s.message', 's.score')} AS title, ${m.lastBy('s.reasons', 's.score')} AS reasons, ${m.lastBy('s.attack', 's.score')} AS attack, max(s.score) AS score,
  ${m.countIf(m.contains('s.reasons', "'in sequence from the first pixel'"))} AS sequential, ${m.distinctListOf('s.sha256', maxNamed)} AS hashes,
  ${m.distinctListOf('coalesce(f.file_name, f.url_original)', maxNamed)} AS names, ${m.distinctListOf('f.url_domain', maxNamed)} AS hosts, ${m.anyOf('f.network_protocol')} AS protocol,
  ${m.micros('min(s.time)')} AS first, ${m.micros('max(s.time)')} AS last, ${pointerColumns(m)}
FROM signs s LEFT JOIN file f ON f.file_uid = s.file AND f.uid = s.uid
LEFT JOIN went w ON w.sender = s.sender AND w.receiver = s.receiver AND w.type = s.type
GROUP BY s.sender, s.receiver, s.sign, s.type ORDER BY max(s.score) DESC, s.sender, s.receiver, s.sign, s.type LIMIT ${maxWays}`;
}
