import { microsPerMinute } from '../../../base/time.ts';
import type { EvidencePointer } from '../../../events/finding.ts';
import type { AnalyticContext } from '../../analytic.ts';
import { namedCalls } from '../../pairs/named-calls.ts';
import { commonHostsSql } from '../../pairs/rarity.ts';
import { destinationUse, localSources } from '../../pairs/sql.ts';
import { ritaCode } from '../../rita/profile.ts';
import type { LongConnectionSettings } from './settings.ts';

/** One local host, address, transport and port with connections that lasted. */
export interface LongLink {
  readonly source: string;
  /** Address; for a tunnel through a proxy what the proxy was asked to connect to, which may be a name. */
  readonly destination: string;
  /** Address of that proxy. */
  readonly proxy: string | undefined;
  readonly transport: string;
  readonly port: number;
  /** µs: the most that something was open in one UTC day by beginning, and the longest single one. */
  readonly dayMicros: number;
  readonly longestMicros: number;
  readonly connections: number;
  /** Connections that were still open when last told of. */
  readonly open: number;
  readonly sent: number;
  readonly received: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly knownSince: number;
  readonly hosts: number;
  readonly networkSize: number;
  /** A name that it was used under, and how many local hosts use that name. */
  readonly name: string | undefined;
  readonly nameHosts: number;
  readonly evidence: readonly EvidencePointer[];
}

/** Links that reach RITA's base of one hour in a day and whose address is not common. Longest first. */
export async function readLongLinks(context: AnalyticContext<LongConnectionSettings>): Promise<LongLink[]> {
  const rows = await context.store.query(longLinksSql(context));
  return rows.map((row) => {
    const number = (name: string): number => Number(row[name] ?? 0);
    const { name, proxy } = row;
    return {
      source: String(row['source_ip']),
      destination: String(row['destination_ip']),
      proxy: typeof proxy === 'string' ? proxy : undefined,
      transport: String(row['transport']),
      port: number('port'),
      dayMicros: number('day_micros'),
      longestMicros: number('longest'),
      connections: number('connections'),
      open: number('open_count'),
      sent: number('sent'),
      received: number('received'),
      firstSeen: number('first_seen'),
      lastSeen: number('last_seen'),
      knownSince: number('known'),
      hosts: number('hosts'),
      networkSize: number('network_size'),
      name: typeof name === 'string' ? name : undefined,
      nameHosts: number('name_hosts'),
      evidence: [
        { evidence_id: number('first_id'), at: number('first_at') },
        { evidence_id: number('last_id'), at: number('last_at') },
      ],
    };
  });
}

/** Calls through a proxy, by what it was asked to connect to: `host:port`. */
const tunnels = `(SELECT uid, source_ip, time, url_domain AS place, try_cast(split_part(url_original, ':', 2) AS INTEGER) AS port
    FROM http WHERE http_request_method = 'CONNECT' AND uid IS NOT NULL AND url_domain IS NOT NULL)`;

/**
 * Open connections are told of every hour: the latest word counts, and none when the connection has ended since. Time in which several are open
 * counts once: behind one address many desks may call the same place at a time.
 */
function lastingConnections({ store, timeCondition, settings }: AnalyticContext<LongConnectionSettings>): string {
  const { macros } = store;
  const columns = `source_ip, destination_ip, proxy, port, transport, time, uid, event_duration, source_bytes, destination_bytes, evidence_id, evidence_at`;
  return `tunnel AS (SELECT uid, min(place) AS place, min(port) AS port FROM ${tunnels} AS c GROUP BY uid),
told AS (
  SELECT f.source_ip, coalesce(t.place, f.destination_ip) AS destination_ip, CASE WHEN t.place IS NULL THEN NULL ELSE f.destination_ip END AS proxy,
    coalesce(t.port, f.destination_port, -1) AS port, coalesce(f.network_transport, '') AS transport, f.time, f.uid, f.event_duration,
    f.source_bytes, f.destination_bytes, f.evidence_id, f.evidence_at, coalesce(f.is_open, FALSE) AS is_open
  FROM (SELECT * FROM flow WHERE source_ip IS NOT NULL AND destination_ip IS NOT NULL
    AND event_duration >= ${settings.min_single_minutes * microsPerMinute} AND ${timeCondition}) AS f
  LEFT JOIN tunnel AS t ON t.uid = f.uid),
told_open AS (
  SELECT ${columns}, row_number() OVER (PARTITION BY uid, source_ip, destination_ip, time ORDER BY event_duration DESC) AS latest
  FROM told WHERE is_open),
lasting AS (
  SELECT ${columns}, 0 AS is_open FROM told WHERE NOT is_open
  UNION ALL
  SELECT ${columns}, 1
  FROM told_open WHERE latest = 1 AND (uid IS NULL OR uid NOT IN (
    SELECT uid FROM flow WHERE coalesce(is_open, FALSE) = FALSE AND uid IS NOT NULL AND uid IN (SELECT uid FROM told_open)))),
timed AS (SELECT *, ${macros.micros('time')} AS starts, ${macros.micros('time')} + event_duration AS ends FROM lasting),
held AS (
  SELECT *, max(ends) OVER (PARTITION BY source_ip, destination_ip, port, transport ORDER BY starts, ends
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS held_until FROM timed),
daily AS (
  SELECT source_ip, destination_ip, port, transport, ${macros.dayMicros('time')} AS day,
    sum(greatest(0, ends - greatest(starts, coalesce(held_until, starts)))) AS day_micros,
    max(event_duration) AS longest, count(*) AS connections, sum(is_open) AS open_count, sum(source_bytes) AS sent,
    sum(destination_bytes) AS received, min(time) AS first_time, max(time) AS last_time,
    ${macros.firstBy('evidence_id', 'time')} AS first_id, ${macros.firstBy('evidence_at', 'time')} AS first_at,
    ${macros.lastBy('evidence_id', 'time')} AS last_id, ${macros.lastBy('evidence_at', 'time')} AS last_at,
    ${macros.lastBy('uid', 'event_duration')} AS uid, max(proxy) AS proxy
  FROM held GROUP BY source_ip, destination_ip, port, transport, day)`;
}

function longLinksSql(context: AnalyticContext<LongConnectionSettings>): string {
  const { macros } = context.store;
  const called = '(SELECT * FROM flow WHERE source_ip IS NOT NULL AND destination_ip IS NOT NULL)';
  return `WITH ${lastingConnections(context)},
${localSources(macros, called, 'local_orig')},
long_link AS (
  SELECT d.source_ip, d.destination_ip, d.port, d.transport, max(d.day_micros) AS day_micros, max(d.longest) AS longest,
    sum(d.connections) AS connections, sum(d.open_count) AS open_count, sum(d.sent) AS sent, sum(d.received) AS received,
    ${macros.micros('min(d.first_time)')} AS first_seen, max(${macros.micros('d.last_time')} + d.longest) AS last_seen,
    ${macros.firstBy('d.first_id', 'd.day')} AS first_id, ${macros.firstBy('d.first_at', 'd.day')} AS first_at,
    ${macros.lastBy('d.last_id', 'd.day')} AS last_id, ${macros.lastBy('d.last_at', 'd.day')} AS last_at,
    ${macros.lastBy('d.uid', 'd.longest')} AS uid, max(d.proxy) AS proxy
  FROM daily d WHERE d.source_ip IN (SELECT source_ip FROM local_source)
  GROUP BY d.source_ip, d.destination_ip, d.port, d.transport
  HAVING max(d.day_micros) >= ${ritaCode.longConnection.base * 1_000_000}),
pairs AS (
  SELECT source_ip, destination_ip, time AS known_since FROM ${called} AS f
  WHERE destination_ip IN (SELECT destination_ip FROM long_link)
  UNION ALL SELECT source_ip, place, time FROM ${tunnels} AS c WHERE place IN (SELECT destination_ip FROM long_link)),
${destinationUse(macros, 'destination_ip')},
named AS (
  SELECT uid, min(name) AS name FROM ${namedCalls} AS n WHERE uid IN (SELECT uid FROM long_link) GROUP BY uid),
name_use AS (
  SELECT name, ${macros.countDistinct('source_ip')} AS hosts FROM ${namedCalls} AS n
  WHERE name IN (SELECT name FROM named) GROUP BY name)
SELECT l.*, u.hosts, ${macros.micros('u.known_since')} AS known, (SELECT size FROM network) AS network_size,
  n.name, coalesce(h.hosts, 0) AS name_hosts
FROM long_link l JOIN destination_use u ON u.destination_ip = l.destination_ip
LEFT JOIN named n ON n.uid = l.uid LEFT JOIN name_use h ON h.name = n.name
WHERE u.hosts < (SELECT ${commonHostsSql('size')} FROM network)
ORDER BY l.day_micros DESC, l.source_ip, l.destination_ip, l.port
LIMIT ${maxLinks}`;
}

/** Links held at once. A network of honest hosts stays far below it. */
const maxLinks = 10_000;
