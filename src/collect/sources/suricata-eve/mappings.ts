import type { Mapping } from '../../../events/mapping.ts';
import { connection, drop, first, firstOf, read } from './readers.ts';

/**
 * What becomes of each EVE event type, as data. Paths are those of Suricata's `etc/schema.json`, of versions 4 to 8;
 * what no reader takes stays in `fields`. Alerts and DNS, which come in several shapes, have files of their own.
 */

const flowStart = read('flow.start', 'iso');
const netflowStart = read('netflow.start', 'iso');

const link = {
  network_vlan_id: read('vlan[]', 'integer'),
  // A record of a flow has lists of what it saw, others the address of their packet.
  source_mac: firstOf('lower', 'ether.src_mac', 'ether.src_macs[]'),
  destination_mac: firstOf('lower', 'ether.dest_mac', 'ether.dest_macs[]'),
  tcp_flags: read('tcp.tcp_flags', 'text'),
  network_protocol: read('app_proto', 'lower'),
  tunnel_parents: read('parent_id', 'list'),
} as const;

export const flow: Mapping<'flow'> = {
  kind: 'flow',
  columns: {
    ...connection('flow'),
    ...link,
    time: first(flowStart, read('timestamp', 'iso')),
    event_duration: { minus: [read('flow.end', 'iso'), flowStart] },
    source_bytes: read('flow.bytes_toserver', 'integer'),
    destination_bytes: read('flow.bytes_toclient', 'integer'),
    source_packets: read('flow.pkts_toserver', 'integer'),
    destination_packets: read('flow.pkts_toclient', 'integer'),
    conn_state: read('flow.state', 'text'),
    end_reason: read('flow.reason', 'text'),
  },
  drop,
};

/** One record for each direction of a flow: its packets are those of its source. */
export const netflow: Mapping<'flow'> = {
  kind: 'flow',
  columns: {
    ...connection('netflow'),
    ...link,
    time: first(netflowStart, read('timestamp', 'iso')),
    event_duration: { minus: [read('netflow.end', 'iso'), netflowStart] },
    source_bytes: read('netflow.bytes', 'integer'),
    source_packets: read('netflow.pkts', 'integer'),
  },
  drop,
};

export const http: Mapping<'http'> = {
  kind: 'http',
  columns: {
    ...connection('http'),
    http_request_method: read('http.http_method', 'text'),
    url_domain: read('http.hostname', 'hostname'),
    http_host: read('http.hostname', 'text'),
    url_original: read('http.url', 'text'),
    http_version: first(
      read('http.version', 'text'),
      read('http.protocol', 'text', { 'HTTP/0.9': '0.9', 'HTTP/1.0': '1.0', 'HTTP/1.1': '1.1', 'HTTP/2': '2' }),
    ),
    user_agent_original: read('http.http_user_agent', 'text'),
    http_request_referrer: read('http.http_refer', 'text'),
    http_request_origin: read('http.origin', 'text'),
    http_response_body_bytes: read('http.length', 'integer'),
    http_response_status_code: read('http.status', 'integer'),
    http_response_mime_type: read('http.http_content_type', 'text'),
    http_trans_depth: { minus: [read('tx_id', 'integer'), { constant: -1 }] },
    http_proxied: read('http.xff', 'list'),
  },
  drop,
};

export const tls: Mapping<'tls'> = {
  kind: 'tls',
  columns: {
    ...connection('tls'),
    tls_version: read('tls.version', 'text'),
    tls_client_server_name: read('tls.sni', 'name'),
    tls_next_protocol: read('tls.server_alpns[]', 'text'),
    tls_resumed: read('tls.session_resumed', 'boolean'),
    tls_client_ja3: read('tls.ja3.hash', 'lower'),
    tls_server_ja3s: read('tls.ja3s.hash', 'lower'),
    tls_client_ja4: read('tls.ja4', 'text'),
    tls_server_subject: read('tls.subject', 'text'),
    tls_server_issuer: read('tls.issuerdn', 'text'),
    tls_server_not_before: read('tls.notbefore', 'iso'),
    tls_server_not_after: read('tls.notafter', 'iso'),
    tls_server_serial: read('tls.serial', 'text'),
    tls_server_hash_sha1: read('tls.fingerprint', 'hex'),
    tls_server_certificate_chain: read('tls.chain[]', 'list'),
    tls_client_certificate_chain: read('tls.client.chain[]', 'list'),
  },
  drop,
};

export const quic: Mapping<'quic'> = {
  kind: 'quic',
  columns: {
    ...connection('quic'),
    quic_version: read('quic.version', 'text'),
    tls_client_server_name: read('quic.sni', 'name'),
    tls_client_ja3: read('quic.ja3.hash', 'lower'),
    tls_server_ja3s: read('quic.ja3s.hash', 'lower'),
    tls_client_ja4: read('quic.ja4', 'text'),
    user_agent_original: read('quic.ua', 'text'),
  },
  drop,
};

export const ssh: Mapping<'ssh'> = {
  kind: 'ssh',
  columns: {
    ...connection('ssh'),
    ssh_version: read('ssh.version', 'integer'),
    ssh_client: read('ssh.client.software_version', 'text'),
    ssh_server: read('ssh.server.software_version', 'text'),
    ssh_hassh: read('ssh.client.hassh.hash', 'lower'),
    ssh_hassh_server: read('ssh.server.hassh.hash', 'lower'),
  },
  drop,
};

/** The header of a fileinfo record names the sender of the file first, whoever opened the connection. */
export const fileinfo: Mapping<'file_transfer'> = {
  kind: 'file_transfer',
  columns: {
    ...connection('fileinfo'),
    file_uid: read('fileinfo.file_id', 'text'),
    file_name: read('fileinfo.filename', 'text'),
    file_size: read('fileinfo.size', 'integer'),
    file_mime_type: read('fileinfo.mimetype', 'text'),
    file_hash_md5: read('fileinfo.md5', 'lower'),
    file_hash_sha1: read('fileinfo.sha1', 'lower'),
    file_hash_sha256: read('fileinfo.sha256', 'lower'),
    network_protocol: read('app_proto', 'lower'),
    file_depth: { minus: [read('fileinfo.tx_id', 'integer'), { constant: -1 }] },
    url_domain: read('http.hostname', 'hostname'),
    url_original: read('http.url', 'text'),
  },
  drop,
};

export const smtp: Mapping<'smtp'> = {
  kind: 'smtp',
  columns: {
    ...connection('smtp'),
    smtp_helo: read('smtp.helo', 'text'),
    email_sender: read('smtp.mail_from', 'text'),
    email_recipients: read('smtp.rcpt_to[]', 'list'),
    email_from: read('email.from', 'text'),
    email_to: read('email.to[]', 'list'),
    email_cc: read('email.cc[]', 'list'),
    email_reply_to: read('email.reply_to', 'text'),
    email_subject: read('email.subject', 'text'),
    email_message_id: read('email.message_id', 'text'),
    email_x_mailer: read('email.x_mailer', 'text'),
    email_date: read('email.date', 'text'),
    email_attachments: read('email.attachment[]', 'list'),
    smtp_path: read('email.received[]', 'list'),
    originating_ip: read('email.x_originating_ip', 'ip'),
  },
  drop,
};

export const dhcp: Mapping<'dhcp'> = {
  kind: 'dhcp',
  columns: {
    ...connection('dhcp'),
    client_mac: read('dhcp.client_mac', 'lower'),
    client_ip: read('dhcp.client_ip', 'ip'),
    dhcp_assigned_ip: read('dhcp.assigned_ip', 'ip'),
    dhcp_requested_ip: read('dhcp.requested_ip', 'ip'),
    dhcp_host_name: read('dhcp.hostname', 'text'),
    dhcp_vendor_class: read('dhcp.vendor_class_identifier', 'text'),
    dhcp_parameters: read('dhcp.params[]', 'list'),
    dhcp_message_types: read('dhcp.dhcp_type', 'list'),
    dhcp_lease_time: read('dhcp.lease_time', 'interval'),
  },
  drop,
};

export const arp: Mapping<'device'> = {
  kind: 'device',
  columns: {
    time: read('timestamp', 'iso'),
    event_dataset: { constant: 'suricata.arp' },
    sensor: read('host', 'text'),
    device_ip: read('arp.src_ip', 'ip'),
    device_mac: read('arp.src_mac', 'lower'),
    arp_operation: read('arp.opcode', 'lower'),
    arp_target_ip: read('arp.dest_ip', 'ip'),
    arp_target_mac: read('arp.dest_mac', 'lower'),
  },
  drop,
};

/** Every other type: anomaly, drop, smb, krb5, rdp, engine and whatever Suricata adds. */
export const log: Mapping<'log'> = {
  kind: 'log',
  columns: {
    ...connection(''),
    event_dataset: { join: [{ constant: 'suricata' }, read('event_type', 'text')], by: '.' },
    log_name: read('event_type', 'text'),
    log_level: read('log_level', 'lower'),
    message: firstOf('text', 'anomaly.event', 'engine.message', 'drop.reason'),
    user_name: firstOf('text', 'krb5.cname', 'smb.ntlmssp.user', 'rdp.cookie'),
  },
};
