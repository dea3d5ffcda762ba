import type { Mapping } from '../../../events/mapping.ts';
import { intel, notice } from './logs/alerts.ts';
import { conn, openConn } from './logs/conn.ts';
import { arp, knownHosts, knownServices, software } from './logs/devices.ts';
import { dhcp } from './logs/dhcp.ts';
import { dns } from './logs/dns.ts';
import { files } from './logs/files.ts';
import { http, openHttp } from './logs/http.ts';
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
export const knownNames: ReadonlySet<string> = new Set([
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

/** The log that a file's name says: `conn.log`, `conn.00:00:00-01:00:00.log.gz`, `open_conn_20240101.json`, `dns.log.labeled`. */
export function logOfName(path: string): string | undefined {
  const base = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('!')) + 1).toLowerCase();
  const word = /^[a-z][a-z0-9_]*/.exec(base)?.[0] ?? '';
  for (let end = word.length; end > 1; end = word.lastIndexOf('_', end - 1)) {
    const name = word.slice(0, end);
    if (knownNames.has(name)) return name;
  }
  return undefined;
}

/** The log that a set of field names belongs to, for logs whose name says nothing. */
export function logOfFields(fields: ReadonlySet<string>): string | undefined {
  const marks: readonly (readonly [log: string, fields: readonly string[]])[] = [
    ['conn', ['conn_state', 'history']],
    ['dns', ['query', 'qtype_name']],
    ['http', ['method', 'uri', 'user_agent']],
    ['ssl', ['cipher', 'established']],
    ['x509', ['certificate.subject', 'certificate.issuer']],
    ['files', ['fuid', 'analyzers']],
    ['ssh', ['kex_alg', 'host_key_alg']],
    ['dhcp', ['msg_types', 'lease_time']],
    ['smtp', ['mailfrom', 'rcptto']],
    ['notice', ['note', 'suppress_for']],
    ['weird', ['name', 'notice', 'peer']],
  ];
  return marks.find(([, names]) => names.every((name) => fields.has(name)))?.[0];
}
