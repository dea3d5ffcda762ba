import type { Mapping, Reader } from '../../../events/mapping.ts';
import { connection, drop, first, firstOf, read } from './readers.ts';

/**
 * Suricata's priority 1 to 4 is high to info. The rule's own `signature_severity` (metadata of Emerging Threats)
 * raises it, and never lowers it.
 */
const byPriority: Readonly<Record<string, string>> = { '1': 'high', '2': 'medium', '3': 'low', '4': 'info' };
const raising: Readonly<Record<string, string>> = { critical: 'critical', major: 'high', high: 'high' };
const notRaising = ['medium', 'minor', 'low', 'informational', 'info', 'unknown', 'none'];

function severityTable(): Record<string, string> {
  const table: Record<string, string> = { ...byPriority, ...raising };
  for (const [priority, severity] of Object.entries(byPriority)) {
    for (const [metadata, raised] of Object.entries(raising)) table[`${priority} ${metadata}`] = raised;
    for (const metadata of notRaising) table[`${priority} ${metadata}`] = severity;
  }
  return table;
}

const ruleSeverity: Reader = {
  join: [read('alert.severity', 'text'), read('alert.metadata.signature_severity[]', 'lower')],
  by: ' ',
  table: severityTable(),
  otherwise: 'low',
};

function alertColumns(opener: 'src' | 'dest'): Mapping<'alert'> {
  return {
    kind: 'alert',
    columns: {
      ...connection('alert', opener),
      rule_id: { join: [read('alert.gid', 'text'), read('alert.signature_id', 'text')], by: ':' },
      rule_name: read('alert.signature', 'text'),
      rule_category: read('alert.category', 'text'),
      rule_severity: ruleSeverity,
      event_severity: read('alert.severity', 'text'),
      event_action: read('alert.action', 'lower'),
      message: read('alert.signature', 'text'),
      threat_technique_id: read('alert.metadata.mitre_technique_id[]', 'list'),
      tags: read('alert.metadata.tag[]', 'list'),
      file_path: firstOf('text', 'files[].filename', 'fileinfo.filename', 'smb.filename'),
      url_domain: first(
        read('http.hostname', 'hostname'),
        firstOf('name', 'tls.sni', 'quic.sni', 'dns.rrname', 'dns.query[].rrname', 'dns.queries[].rrname'),
      ),
      url_original: read('http.url', 'text'),
      http_user_agent: read('http.http_user_agent', 'text'),
    },
    keep: ['alert.metadata.signature_severity[]'],
    drop,
  };
}

export const alert = alertColumns('src');

/** The packet that set off the alert came from the answerer (`direction` since Suricata 7). */
export const alertToClient = alertColumns('dest');
