import type { Mapping } from '../../../events/mapping.ts';
import { conn, openConn } from './logs/conn.ts';
import { arp, knownHosts, knownServices, software } from './logs/devices.ts';
import { dhcp } from './logs/dhcp.ts';
import { dns } from './logs/dns.ts';
import { files } from './logs/files.ts';
import { http, openHttp } from './logs/http.ts';
import { intel } from './logs/intel.ts';
import { notice } from './logs/notice.ts';
import { otherLog } from './logs/other.ts';
import { quic } from './logs/quic.ts';
import { smtp } from './logs/smtp.ts';
import { openSsl, ssl } from './logs/ssl.ts';
import { ssh } from './logs/ssh.ts';
import { x509 } from './logs/x509.ts';

/** Logs that have a kind of their own, by Zeek's name. */
export const mappedLogs: Readonly<Record<string, Mapping>> = {
  conn,
  open_conn: openConn,
  dns,
  http,
  open_http: openHttp,
  ssl,
  open_ssl: openSsl,
  x509,
  files,
  ssh,
  dhcp,
  quic,
  smtp,
  notice,
  intel,
  known_hosts: knownHosts,
  known_services: knownServices,
  software,
  arp,
};

/** Names by which a log is known from its file, where neither `#path` nor `_path` tells. */
const knownNames: ReadonlySet<string> = new Set([
  ...Object.keys(mappedLogs),
  ...(
    'analyzer analyzer_debug bacnet broker capture_loss cluster config conn_doctor dce_rpc dnp3 dpd ftp hassh irc kerberos known_certs ' +
    'known_modbus ldap ldap_search loaded_scripts modbus mqtt_connect mqtt_publish mqtt_subscribe mysql netcontrol netcontrol_drop ' +
    'netcontrol_shunt notice_alarm ntlm ntp ocsp openflow packet_filter pe pop3 postgresql print radius rdp redis reporter rfb signatures ' +
    'sip smb_cmd smb_files smb_mapping snmp socks stats stderr stdout syslog telemetry telemetry_histogram traceroute tunnel unified2 ' +
    'unknown_protocols weird weird_stats websocket'
  ).split(' '),
]);

/** Longest name that makes a log of its own; longer ones are cut, since it is content that says it. */
const maxNameLength = 64;

export function mappingOf(log: string): Mapping {
  const mapped = Object.hasOwn(mappedLogs, log) ? mappedLogs[log] : undefined;
  return mapped ?? otherLog(log.slice(0, maxNameLength));
}

/** The mapping for rows in JSON, where `_path` says which log it is. */
export function mappingOfJson(log: string): Mapping {
  const mapping = mappingOf(log);
  return { ...mapping, drop: [...(mapping.drop ?? []), '_path'] };
}

/**
 * The log that a file's name says: `conn.log`, `conn.00:00:00-01:00:00.log.gz`, `open_conn_20240101.json`,
 * `day.tar!zeek/dns.log.labeled`, `capture1__conn.log`. Undefined when it says none that is known.
 */
export function logOfName(path: string): string | undefined {
  const base = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('!')) + 1).toLowerCase();
  for (const part of base.split(/__|[^a-z0-9_]+/)) {
    const name = longestKnown(part);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The longest beginning of a word, up to a `_`, that is a log's name. */
function longestKnown(word: string): string | undefined {
  for (let end = word.length; end > 0; end = word.lastIndexOf('_', end - 1)) {
    const name = word.slice(0, end);
    if (knownNames.has(name)) return name;
  }
  return undefined;
}

/** The log that a content itself names, unless its file name says that it is the same log of open connections. */
export function logNamed(path: string | undefined, nameHint: string | undefined): string | undefined {
  return path === undefined || nameHint === `open_${path}` ? nameHint : path;
}

/** Fields that only one log has together, for logs whose name says nothing. */
const marks: readonly (readonly [log: string, fields: readonly string[]])[] = [
  ['conn', ['conn_state', 'orig_pkts']],
  ['dns', ['query', 'qtype_name']],
  ['http', ['method', 'uri', 'trans_depth']],
  ['ssl', ['cipher', 'established']],
  ['x509', ['certificate.subject', 'certificate.issuer']],
  ['files', ['fuid', 'seen_bytes']],
  ['ssh', ['kex_alg', 'host_key_alg']],
  ['dhcp', ['mac', 'lease_time']],
  ['smtp', ['mailfrom', 'rcptto']],
  ['quic', ['client_initial_dcid']],
  ['notice', ['note', 'suppress_for']],
  ['intel', ['seen.indicator']],
  ['software', ['software_type', 'host']],
  ['weird', ['name', 'notice', 'peer']],
];

/** The log that a set of field names belongs to. */
export function logOfFields(fields: ReadonlySet<string>): string | undefined {
  const has = (name: string): boolean => fields.has(name) || fields.has(name.replaceAll('.', '_'));
  return marks.find(([, names]) => names.every(has))?.[0];
}
