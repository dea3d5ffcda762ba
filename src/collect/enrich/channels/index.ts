import { defineEnricher } from '../../enricher.ts';
import type { Macros } from '../../../store/macros.ts';

/** Channels that are kept, those used on most days and last: a flood of made-up names fills no memory. */
const maxChannels = 2_000_000;
/** Days of use from which a channel is known. */
const knownDays = 5;

export const enricher = defineEnricher({
  id: 'channels',
  title: 'Channels',
  description:
    'Which places outside each machine and each program calls, since when, on how many days and how often: what is known to be its habit. A place is a registered domain, or an address that no name is known of.',
  reads: ['flow', 'tls', 'quic', 'http', 'socket'],
  fills: ['channel'],
  needs: ['address', 'domain', 'network'],
  async run({ store }) {
    await store.derive(['DELETE FROM channel', insertStatement(store.macros)]);
    const [row] = await store.query('SELECT count(*) AS n FROM channel');
    // Sorted only when there are too many: that takes as long as all the rest.
    if (Number(row?.['n']) > maxChannels) await store.derive([cutStatement]);
  },
});

const cutStatement = `DELETE FROM channel WHERE rowid NOT IN (
  SELECT rowid FROM channel ORDER BY days DESC, last_seen DESC, kind, source, place LIMIT ${maxChannels})`;

/**
 * Calls are folded to days first, and addresses get their place after that: their number is small then. Days are counted
 * by folding once more, for half of what counting distinct ones takes.
 */
function insertStatement(m: Macros): string {
  const day = m.dayMicros('time');
  const times = 'min(time) AS f, max(time) AS l, count(*) AS n';
  return `INSERT INTO channel
WITH named AS (
  SELECT source_ip AS source, name, destination_ip AS ip, ${day} AS day, ${times} FROM (
    SELECT source_ip, tls_client_server_name AS name, destination_ip, time FROM tls
    UNION ALL SELECT source_ip, tls_client_server_name, destination_ip, time FROM quic
    UNION ALL SELECT source_ip, url_domain, destination_ip, time FROM http WHERE url_domain <> coalesce(destination_ip, ''))
  WHERE name IS NOT NULL AND name <> '' GROUP BY ALL),
reached AS (
  SELECT source_ip AS source, destination_ip AS ip, ${day} AS day, ${times} FROM flow
  WHERE ${m.isLocal('source_ip')} AND coalesce(is_open, FALSE) = FALSE
    AND coalesce(destination_payload_bytes, destination_bytes, destination_packets, 1) > 0
  GROUP BY ALL),
opened AS (
  SELECT coalesce(host_name, 'evidence ' || evidence_id) || ' ' || process_executable AS source, destination_ip AS ip, ${day} AS day, ${times}
  FROM socket WHERE event_action = 'connect' AND coalesce(event_outcome, 'success') = 'success' AND process_executable IS NOT NULL
  GROUP BY ALL),
outside AS (
  SELECT a.ip, coalesce(d.registered_domain, a.ip) AS place FROM address a LEFT JOIN domain d ON d.name = ${m.listFirst('a.names')}
  WHERE NOT a.is_local AND NOT a.is_group),
used AS (
  SELECT 'machine' AS kind, source, coalesce(d.registered_domain, c.name) AS place, c.ip, day, f, l, n
  FROM named c LEFT JOIN domain d ON d.name = c.name WHERE ${m.isLocal('c.source')}
    AND (c.ip IS NULL OR NOT ${m.isLocal('c.ip')} OR d.registered_domain IS NOT NULL)
  UNION ALL SELECT 'machine', source, place, ip, day, f, l, n FROM reached JOIN outside USING (ip)
  UNION ALL SELECT 'program', source, place, ip, day, f, l, n FROM opened JOIN outside USING (ip)),
daily AS (
  SELECT kind, source, place, ${m.firstBy('asn', 'f')} AS asn, ${m.firstBy('country', 'f')} AS country, min(f) AS f, max(l) AS l, sum(n) AS n
  FROM used LEFT JOIN network USING (ip) GROUP BY kind, source, place, day)
SELECT kind, source, place, ${m.firstBy('asn', 'f')}, ${m.firstBy('country', 'f')}, min(f), max(l), count(*), sum(n)::BIGINT,
  count(*) >= ${knownDays}
FROM daily GROUP BY kind, source, place`;
}
