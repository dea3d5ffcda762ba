import { pointerColumns } from '../../make-finding.ts';
import type { Macros } from '../../../store/macros.ts';

/** Servers that are judged: those that were called most. */
const maxServers = 5000;

/**
 * Servers outside, as each machine of ours met them, with the leaf certificate: from the handshake's own record, else from
 * the record of the certificate that the chain begins with, by its fingerprint or its file.
 */
export function oddServers(m: Macros, timeCondition: string): string {
  const own = `${m.isLocal('source_ip')} AND NOT ${m.isLocal('destination_ip')}`;
  return `WITH call AS (
  SELECT *, ${m.listFirst('tls_server_certificate_chain')} AS leaf FROM tls
  WHERE source_ip IS NOT NULL AND destination_ip IS NOT NULL AND coalesce(event_dataset, '') <> 'zeek.open_ssl' AND ${own} AND ${timeCondition}),
known AS (
  SELECT id, ${m.anyOf('subject')} AS subject, ${m.anyOf('issuer')} AS issuer, min(not_before) AS not_before, max(not_after) AS not_after FROM (
    SELECT file_hash_sha256 AS id, x509_subject AS subject, x509_issuer AS issuer, x509_not_before AS not_before, x509_not_after AS not_after
      FROM certificate WHERE file_hash_sha256 IN (SELECT leaf FROM call)
    UNION ALL SELECT file_uid, x509_subject, x509_issuer, x509_not_before, x509_not_after
      FROM certificate WHERE file_uid IN (SELECT leaf FROM call)) AS c
  GROUP BY id),
use AS (SELECT destination_ip, ${m.countDistinct('source_ip')} AS users FROM call GROUP BY destination_ip),
network AS (SELECT ${m.countDistinct('source_ip')} AS size FROM call)
SELECT c.source_ip AS source, c.destination_ip AS destination, coalesce(c.destination_port, 0) AS port, count(*) AS n,
  ${m.anyOf('c.tls_client_server_name')} AS name, ${m.lastBy('c.tls_version', 'c.time')} AS version,
  ${m.anyOf('coalesce(c.tls_server_subject, k.subject)')} AS subject, ${m.anyOf('coalesce(c.tls_server_issuer, k.issuer)')} AS issuer,
  ${m.micros('min(coalesce(c.tls_server_not_before, k.not_before))')} AS not_before,
  ${m.micros('max(coalesce(c.tls_server_not_after, k.not_after))')} AS not_after,
  ${m.countIf('c.tls_sni_matches_cert = FALSE')} AS mismatches, ${m.countIf('coalesce(c.tls_established, TRUE)')} AS established,
  ${m.anyOf('c.tls_client_ja3')} AS ja3, ${m.anyOf('c.tls_client_ja4')} AS ja4, max(u.users) AS users, max(w.size) AS size,
  ${m.micros('min(c.time)')} AS first, ${m.micros('max(c.time)')} AS last
FROM call c LEFT JOIN known k ON k.id = c.leaf JOIN use u ON u.destination_ip = c.destination_ip, network w
GROUP BY c.source_ip, c.destination_ip, coalesce(c.destination_port, 0) ORDER BY n DESC, source, destination, port LIMIT ${maxServers}`;
}

/** Parameters: source, destination, port. */
export function pointersToServer(m: Macros, timeCondition: string): string {
  return `SELECT ${pointerColumns(m)} FROM tls
  WHERE source_ip = ? AND destination_ip = ? AND coalesce(destination_port, 0) = ? AND ${timeCondition}`;
}
