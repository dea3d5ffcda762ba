import type { Macros } from '../../../store/macros.ts';
import { logOn, remoteServices } from './services.ts';

/** Pairs that are read: those that began last. */
const maxPairs = 100_000;
/** States of connections that nobody took up (Zeek). */
const refused = ['S0', 'REJ', 'RSTOS0', 'RSTRH', 'SH', 'SHR', 'OTH'];

const texts = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');

/** Name of the remote service of a flow: by its port, else by the protocol that a sensor saw at another port. */
function serviceOf(m: Macros): string {
  const byPort = remoteServices.map(
    ({ name, ports }) => `WHEN destination_port IN (${ports.join(', ')}) THEN '${name}'`,
  );
  const byProtocol = remoteServices.flatMap(({ name, protocols }) =>
    protocols.map(
      (protocol) => `WHEN ${m.contains("',' || network_protocol || ','", `',${protocol},'`)} THEN '${name}'`,
    ),
  );
  return `CASE ${[...byPort, ...byProtocol].join(' ')} END`;
}

/** Connections from inside to inside to a remote service, with data both ways. */
function connections(m: Macros): string {
  return `SELECT source_ip AS source, destination_ip AS target, ${serviceOf(m)} AS service, 0 AS is_privileged, time, evidence_id, evidence_at
  FROM flow WHERE network_transport = 'tcp' AND source_ip <> destination_ip AND coalesce(is_open, FALSE) = FALSE
    AND coalesce(conn_state, '') NOT IN (${texts(refused)}) AND coalesce(source_payload_bytes, source_bytes, 0) > 0
    AND coalesce(destination_payload_bytes, destination_bytes, 0) > 0 AND ${m.isLocal('source_ip')} AND ${m.isLocal('destination_ip')}`;
}

/**
 * Log-ins over the network that succeeded: of Windows those of type 3 (network) and 10 (remote desktop) by accounts of people, and whether
 * the session began with the privileges of an administrator (4672).
 */
function logOns(m: Macros): string {
  return `SELECT s.source_ip, s.host_name, '${logOn}', CASE WHEN p.session_id IS NULL THEN 0 ELSE 1 END, s.time, s.evidence_id, s.evidence_at
  FROM user_session s
  LEFT JOIN (SELECT DISTINCT host_name, session_id FROM user_session WHERE event_action = 'privileges-assigned' AND session_id IS NOT NULL) AS p
    ON p.host_name = s.host_name AND p.session_id = s.session_id
  WHERE s.event_action = 'login' AND s.event_outcome = 'success' AND s.host_name IS NOT NULL AND ${m.isLocal('s.source_ip')}
    AND coalesce(${m.jsonText('s.fields', 'LogonType')}, '3') IN ('3', '10') AND NOT ${m.endsWith("coalesce(s.target_user_name, '')", "'$'")}
    AND NOT ${m.endsWith("upper(coalesce(s.target_user_name, ''))", "'ANONYMOUS LOGON'")}`;
}

/** Who went where by which service, when first and how often; in the order of the first times. Loopback is left out. */
export function movedPairs(m: Macros): string {
  return `SELECT * FROM (
    SELECT source, target, service, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, count(*) AS n, max(is_privileged) AS is_privileged,
      ${m.firstBy('evidence_id', 'time')} AS evidence_id, ${m.firstBy('evidence_at', 'time')} AS evidence_at
    FROM (${connections(m)} UNION ALL ${logOns(m)}) AS move
    WHERE service IS NOT NULL AND NOT ${m.startsWith('source', "'127.'")} AND source <> '::1'
    GROUP BY source, target, service ORDER BY first DESC LIMIT ${maxPairs}) AS latest
  ORDER BY first, source, target, service`;
}

/** What was done on other machines, as logs of RPC and SMB tell it, by source, target and act. */
export function remoteActsDone(m: Macros): string {
  const field = (name: string): string => `lower(coalesce(${m.jsonText('fields', name)}, ''))`;
  const [endpoint, operation, path] = [field('endpoint'), field('operation'), field('path')];
  return `SELECT source, target, act, ${m.micros('min(time)')} AS first, count(*) AS n,
    ${m.firstBy('evidence_id', 'time')} AS evidence_id, ${m.firstBy('evidence_at', 'time')} AS evidence_at
  FROM (
    SELECT source_ip AS source, destination_ip AS target, time, evidence_id, evidence_at,
      CASE WHEN ${endpoint} = 'svcctl' AND (${m.startsWith(operation, "'createservice'")} OR ${m.startsWith(operation, "'changeserviceconfig'")}) THEN 'service'
        WHEN ${endpoint} = 'itaskschedulerservice' AND ${operation} = 'schrpcregistertask' OR ${endpoint} = 'atsvc' AND ${operation} = 'netrjobadd' THEN 'task'
        WHEN ${endpoint} = 'iwbemservices' AND ${m.startsWith(operation, "'execmethod'")} THEN 'wmi'
        WHEN log_name = 'smb_mapping' AND (${m.endsWith(path, String.raw`'\admin$'`)} OR ${m.endsWith(path, String.raw`'\c$'`)}) THEN 'share' END AS act
    FROM log WHERE log_name IN ('dce_rpc', 'smb_mapping') AND source_ip <> destination_ip
      AND ${m.isLocal('source_ip')} AND ${m.isLocal('destination_ip')}) AS done
  WHERE act IS NOT NULL GROUP BY source, target, act ORDER BY first, source, target, act LIMIT ${maxPairs}`;
}

/** When the history of flows and of log-ins begins, and how many machines of ours opened flows. */
export function history(m: Macros): string {
  return `SELECT (SELECT ${m.micros('min(time)')} FROM flow) AS flows_since, (SELECT ${m.micros('min(time)')} FROM user_session) AS sessions_since,
    (SELECT ${m.countDistinct('source_ip')} FROM flow WHERE ${m.isLocal('source_ip')}) AS machines`;
}

/** Since when machines were seen to do anything. Parameters: machines. */
export function knownSince(m: Macros, machines: number): string {
  const list = Array.from({ length: machines }, () => '?').join(', ');
  return `SELECT source_ip AS source, ${m.micros('min(time)')} AS since FROM flow WHERE source_ip IN (${list}) GROUP BY source_ip`;
}
