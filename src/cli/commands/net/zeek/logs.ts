import { dnsClassNumber, dnsTypeNumber, responseCodeNumber } from '../../../../collect/dns-names.ts';
import type { EventRow, KindId } from '../../../../events/event.ts';
import { dnsOperation, fileConstants, type KeptFields } from './derived.ts';

/** Zeek's types of log fields, as far as the logs here have them. */
export type FieldType =
  | 'time'
  | 'interval'
  | 'string'
  | 'addr'
  | 'port'
  | 'enum'
  | 'count'
  | 'int'
  | 'bool'
  | 'set[string]'
  | 'set[enum]'
  | 'vector[string]'
  | 'vector[addr]'
  | 'vector[count]'
  | 'vector[interval]';

/** Another form of a text: what Zeek writes where our column has a name of its own. Null where there is none. */
export type Form = (text: string) => string | number | null;

/** Name and type of a field, the column that it is written from, and the form in which it is, where that differs. */
export type Field = readonly [name: string, type: FieldType, column: string, form?: Form];

export interface LogLayout {
  readonly path: string;
  readonly kind: KindId;
  /** Columns `fields.NAME` are those of what an event keeps beside its columns, or what `derived` makes. */
  readonly fields: readonly Field[];
  /** What the log always says, and an event only where it is not the usual. */
  readonly derived?: (event: EventRow, kept: KeptFields) => KeptFields;
}

/** A field of the log that no column of ours holds. */
function kept(name: string, type: FieldType): Field {
  return [name, type, `fields.${name}`];
}

/** Zeek's names of classes, where ours are IANA's. */
const zeekClassNames: Readonly<Record<string, string>> = {
  IN: 'C_INTERNET',
  CH: 'C_CHAOS',
  HS: 'C_HESIOD',
  ANY: 'C_ANY',
};

function zeekClassName(name: string): string {
  return zeekClassNames[name] ?? name;
}

/** Time, uid and ends of a connection, with which Zeek's logs begin. */
export const ends: readonly Field[] = [
  ['ts', 'time', 'time'],
  ['uid', 'string', 'uid'],
  ['id.orig_h', 'addr', 'source_ip'],
  ['id.orig_p', 'port', 'source_port'],
  ['id.resp_h', 'addr', 'destination_ip'],
  ['id.resp_p', 'port', 'destination_port'],
];

/** Zeek's logs, field by field in its order; fields that our events do not hold are left out, which the format allows. */
export const logLayouts: readonly LogLayout[] = [
  {
    path: 'conn',
    kind: 'flow',
    fields: [
      ...ends,
      ['proto', 'enum', 'network_transport'],
      ['service', 'string', 'network_protocol'],
      ['duration', 'interval', 'event_duration'],
      ['orig_bytes', 'count', 'source_payload_bytes'],
      ['resp_bytes', 'count', 'destination_payload_bytes'],
      ['conn_state', 'string', 'conn_state'],
      ['local_orig', 'bool', 'local_orig'],
      ['local_resp', 'bool', 'local_resp'],
      ['missed_bytes', 'count', 'missed_bytes'],
      ['history', 'string', 'history'],
      ['orig_pkts', 'count', 'source_packets'],
      ['orig_ip_bytes', 'count', 'source_bytes'],
      ['resp_pkts', 'count', 'destination_packets'],
      ['resp_ip_bytes', 'count', 'destination_bytes'],
      ['tunnel_parents', 'set[string]', 'tunnel_parents'],
      ['ip_proto', 'count', 'network_iana_number'],
      ['vlan', 'count', 'network_vlan_id'],
      ['orig_l2_addr', 'string', 'source_mac'],
      ['resp_l2_addr', 'string', 'destination_mac'],
      ['community_id', 'string', 'network_community_id'],
    ],
  },
  {
    path: 'dns',
    kind: 'dns',
    derived: dnsOperation,
    fields: [
      ...ends,
      ['proto', 'enum', 'network_transport'],
      ['trans_id', 'count', 'dns_id'],
      ['rtt', 'interval', 'event_duration'],
      ['query', 'string', 'dns_question_name'],
      ['qclass', 'count', 'dns_question_class', dnsClassNumber],
      ['qclass_name', 'string', 'dns_question_class', zeekClassName],
      ['qtype', 'count', 'dns_question_type', dnsTypeNumber],
      ['qtype_name', 'string', 'dns_question_type'],
      ['rcode', 'count', 'dns_response_code', responseCodeNumber],
      ['rcode_name', 'string', 'dns_response_code'],
      ['AA', 'bool', 'dns_authoritative'],
      ['TC', 'bool', 'dns_truncated'],
      ['RD', 'bool', 'dns_recursion_desired'],
      ['RA', 'bool', 'dns_recursion_available'],
      kept('Z', 'count'),
      ['answers', 'vector[string]', 'dns_answers'],
      ['TTLs', 'vector[interval]', 'dns_answer_ttls'],
      ['rejected', 'bool', 'dns_rejected'],
      kept('opcode', 'count'),
      kept('opcode_name', 'string'),
    ],
  },
  {
    path: 'http',
    kind: 'http',
    fields: [
      ...ends,
      ['trans_depth', 'count', 'http_trans_depth'],
      ['method', 'string', 'http_request_method'],
      ['host', 'string', 'http_host'],
      ['uri', 'string', 'url_original'],
      ['referrer', 'string', 'http_request_referrer'],
      ['version', 'string', 'http_version'],
      ['user_agent', 'string', 'user_agent_original'],
      ['origin', 'string', 'http_request_origin'],
      ['request_body_len', 'count', 'http_request_body_bytes'],
      ['response_body_len', 'count', 'http_response_body_bytes'],
      ['status_code', 'count', 'http_response_status_code'],
      ['status_msg', 'string', 'http_response_status_text'],
      ['info_code', 'count', 'http_info_code'],
      kept('info_msg', 'string'),
      ['tags', 'set[enum]', 'tags'],
      ['username', 'string', 'user_name'],
      ['proxied', 'set[string]', 'http_proxied'],
      kept('orig_fuids', 'vector[string]'),
      kept('orig_filenames', 'vector[string]'),
      ['orig_mime_types', 'vector[string]', 'http_request_mime_type'],
      ['resp_fuids', 'vector[string]', 'file_uids'],
      kept('resp_filenames', 'vector[string]'),
      ['resp_mime_types', 'vector[string]', 'http_response_mime_type'],
    ],
  },
  {
    path: 'ssl',
    kind: 'tls',
    fields: [
      ...ends,
      ['version', 'string', 'tls_version'],
      ['cipher', 'string', 'tls_cipher'],
      ['curve', 'string', 'tls_curve'],
      ['server_name', 'string', 'tls_client_server_name'],
      ['resumed', 'bool', 'tls_resumed'],
      ['last_alert', 'string', 'tls_last_alert'],
      ['next_protocol', 'string', 'tls_next_protocol'],
      ['established', 'bool', 'tls_established'],
      ['ssl_history', 'string', 'tls_history'],
      ['cert_chain_fps', 'vector[string]', 'tls_server_certificate_chain'],
      ['client_cert_chain_fps', 'vector[string]', 'tls_client_certificate_chain'],
      ['subject', 'string', 'tls_server_subject'],
      ['issuer', 'string', 'tls_server_issuer'],
      ['sni_matches_cert', 'bool', 'tls_sni_matches_cert'],
      ['ja3', 'string', 'tls_client_ja3'],
      ['ja3s', 'string', 'tls_server_ja3s'],
      ['ja4', 'string', 'tls_client_ja4'],
    ],
  },
  {
    path: 'x509',
    kind: 'certificate',
    fields: [
      ['ts', 'time', 'time'],
      ['fingerprint', 'string', 'file_hash_sha256'],
      ['certificate.version', 'count', 'x509_version_number'],
      ['certificate.serial', 'string', 'x509_serial_number'],
      ['certificate.subject', 'string', 'x509_subject'],
      ['certificate.issuer', 'string', 'x509_issuer'],
      ['certificate.not_valid_before', 'time', 'x509_not_before'],
      ['certificate.not_valid_after', 'time', 'x509_not_after'],
      ['certificate.key_alg', 'string', 'x509_public_key_algorithm'],
      ['certificate.sig_alg', 'string', 'x509_signature_algorithm'],
      kept('certificate.key_type', 'string'),
      ['certificate.key_length', 'count', 'x509_public_key_size'],
      kept('certificate.exponent', 'string'),
      ['certificate.curve', 'string', 'x509_public_key_curve'],
      ['san.dns', 'vector[string]', 'x509_alternative_names'],
      kept('san.uri', 'vector[string]'),
      kept('san.email', 'vector[string]'),
      ['san.ip', 'vector[addr]', 'x509_alternative_ips'],
      ['basic_constraints.ca', 'bool', 'x509_is_ca'],
      kept('basic_constraints.path_len', 'count'),
      ['host_cert', 'bool', 'x509_host_certificate'],
      ['client_cert', 'bool', 'x509_client_certificate'],
    ],
  },
  {
    path: 'files',
    kind: 'file_transfer',
    derived: fileConstants,
    fields: [
      ['ts', 'time', 'time'],
      ['fuid', 'string', 'file_uid'],
      ...ends.slice(1),
      ['source', 'string', 'network_protocol', fileSource],
      ['depth', 'count', 'file_depth'],
      ['analyzers', 'set[string]', 'file_analyzers'],
      ['mime_type', 'string', 'file_mime_type'],
      ['filename', 'string', 'file_name'],
      ['duration', 'interval', 'event_duration'],
      kept('local_orig', 'bool'),
      ['is_orig', 'bool', 'file_from_source'],
      kept('seen_bytes', 'count'),
      kept('total_bytes', 'count'),
      ['missing_bytes', 'count', 'missing_bytes'],
      kept('overflow_bytes', 'count'),
      kept('timedout', 'bool'),
      ['md5', 'string', 'file_hash_md5'],
      ['sha1', 'string', 'file_hash_sha1'],
      ['sha256', 'string', 'file_hash_sha256'],
    ],
  },
  {
    path: 'ssh',
    kind: 'ssh',
    fields: [
      ...ends,
      ['version', 'count', 'ssh_version'],
      ['auth_success', 'bool', 'ssh_auth_success'],
      ['auth_attempts', 'count', 'ssh_auth_attempts'],
      kept('direction', 'enum'),
      ['client', 'string', 'ssh_client'],
      ['server', 'string', 'ssh_server'],
      ['cipher_alg', 'string', 'ssh_cipher'],
      ['mac_alg', 'string', 'ssh_mac'],
      ['compression_alg', 'string', 'ssh_compression'],
      ['kex_alg', 'string', 'ssh_kex'],
      ['host_key_alg', 'string', 'ssh_host_key_algorithm'],
      ['host_key', 'string', 'ssh_host_key'],
      ['hassh', 'string', 'ssh_hassh'],
      ['hasshServer', 'string', 'ssh_hassh_server'],
    ],
  },
  {
    path: 'smtp',
    kind: 'smtp',
    fields: [
      ...ends,
      kept('trans_depth', 'count'),
      ['helo', 'string', 'smtp_helo'],
      ['mailfrom', 'string', 'email_sender'],
      ['rcptto', 'set[string]', 'email_recipients'],
      ['date', 'string', 'email_date'],
      ['from', 'string', 'email_from'],
      ['to', 'set[string]', 'email_to'],
      ['cc', 'set[string]', 'email_cc'],
      ['reply_to', 'string', 'email_reply_to'],
      ['msg_id', 'string', 'email_message_id'],
      kept('in_reply_to', 'string'),
      ['subject', 'string', 'email_subject'],
      ['x_originating_ip', 'addr', 'originating_ip'],
      kept('first_received', 'string'),
      kept('second_received', 'string'),
      ['last_reply', 'string', 'smtp_last_reply'],
      ['path', 'vector[addr]', 'smtp_path'],
      ['user_agent', 'string', 'email_x_mailer'],
      ['tls', 'bool', 'smtp_tls'],
      ['fuids', 'vector[string]', 'file_uids'],
    ],
  },
  {
    path: 'dhcp',
    kind: 'dhcp',
    fields: [
      ['ts', 'time', 'time'],
      ['uids', 'set[string]', 'uid'],
      ['client_addr', 'addr', 'client_ip'],
      ['server_addr', 'addr', 'server_ip'],
      ['mac', 'string', 'client_mac'],
      ['host_name', 'string', 'dhcp_host_name'],
      ['client_fqdn', 'string', 'dhcp_client_fqdn'],
      ['domain', 'string', 'dhcp_domain'],
      ['requested_addr', 'addr', 'dhcp_requested_ip'],
      ['assigned_addr', 'addr', 'dhcp_assigned_ip'],
      ['lease_time', 'interval', 'dhcp_lease_time'],
      kept('client_message', 'string'),
      kept('server_message', 'string'),
      ['msg_types', 'vector[string]', 'dhcp_message_types'],
      kept('duration', 'interval'),
      ['vendor_class', 'string', 'dhcp_vendor_class'],
      ['param_list', 'vector[string]', 'dhcp_parameters'],
    ],
  },
  {
    path: 'quic',
    kind: 'quic',
    fields: [
      ...ends,
      ['version', 'string', 'quic_version'],
      ['client_initial_dcid', 'string', 'quic_client_connection_id'],
      kept('client_scid', 'string'),
      ['server_scid', 'string', 'quic_server_connection_id'],
      ['server_name', 'string', 'tls_client_server_name'],
      ['client_protocol', 'string', 'tls_next_protocol'],
      ['history', 'string', 'history'],
    ],
  },
];

/** Zeek's name of the analyzer that a file came from, by the protocol of its connection. */
function fileSource(protocol: string): string {
  const name = protocol.toUpperCase().replaceAll('-', '_');
  return name === 'IRC_DCC_DATA' ? 'IRC_DATA' : name;
}
