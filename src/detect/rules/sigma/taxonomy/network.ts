import { always, type Condition } from '../../../../match/condition/condition.ts';
import { isOneOf, startsWith, type FieldPlace, type Origin, type Target } from './target.ts';

const ends: Readonly<Record<string, FieldPlace>> = {
  src_ip: 'source_ip',
  src_port: 'source_port',
  dst_ip: 'destination_ip',
  dst_port: 'destination_port',
  'id.orig_h': 'source_ip',
  'id.orig_p': 'source_port',
  'id.resp_h': 'destination_ip',
  'id.resp_p': 'destination_port',
  proto: 'network_transport',
  uid: 'uid',
};

const dnsFields: Readonly<Record<string, FieldPlace>> = {
  ...ends,
  query: 'dns_question_name',
  QueryName: 'dns_question_name',
  record_type: 'dns_question_type',
  qtype_name: 'dns_question_type',
  rcode_name: 'dns_response_code',
  answer: 'dns_answers',
  answers: 'dns_answers',
  QueryResults: 'dns_answers',
};

/** Requests as proxies, web servers and Zeek name their parts. */
const httpFields: Readonly<Record<string, FieldPlace>> = {
  ...ends,
  'c-ip': 'source_ip',
  's-ip': 'destination_ip',
  's-port': 'destination_port',
  'c-uri': 'url_original',
  'cs-uri': 'url_original',
  'cs-uri-stem': 'url_original',
  'cs-uri-query': 'url_original',
  'c-uri-query': 'url_original',
  'c-uri-stem': 'url_original',
  'c-useragent': 'user_agent_original',
  'cs-user-agent': 'user_agent_original',
  'cs-method': 'http_request_method',
  'cs-host': 'http_host',
  'r-dns': 'url_domain',
  'cs-referer': 'http_request_referrer',
  'cs-referrer': 'http_request_referrer',
  'cs-username': 'user_name',
  'cs-version': 'http_version',
  'cs-content-type': 'http_request_mime_type',
  'sc-status': 'http_response_status_code',
  'sc-bytes': 'http_response_body_bytes',
  'cs-bytes': 'http_request_body_bytes',
  host: 'http_host',
  uri: 'url_original',
  method: 'http_request_method',
  user_agent: 'user_agent_original',
  referrer: 'http_request_referrer',
  status_code: 'http_response_status_code',
  resp_mime_types: 'http_response_mime_type',
};

const flowFields: Readonly<Record<string, FieldPlace>> = {
  ...ends,
  service: 'network_protocol',
  conn_state: 'conn_state',
  history: 'history',
  orig_bytes: 'source_payload_bytes',
  resp_bytes: 'destination_payload_bytes',
};

const certificateFields: Readonly<Record<string, FieldPlace>> = {
  'certificate.serial': 'x509_serial_number',
  'certificate.subject': 'x509_subject',
  'certificate.issuer': 'x509_issuer',
  'certificate.sig_alg': 'x509_signature_algorithm',
};

function target(
  kind: Target['kind'],
  fields: Target['fields'],
  where: Condition = always,
  others: Target['others'] = 'members',
): Target {
  return { kind, where, fields, others };
}

/** Zeek's logs with a kind of their own; the others stand under their own names. */
const zeekKinds: Readonly<Record<string, readonly [kind: Target['kind'], fields: Target['fields']]>> = {
  conn: ['flow', flowFields],
  dns: ['dns', dnsFields],
  http: ['http', httpFields],
  x509: ['certificate', certificateFields],
};
const zeekLogs = ['dce_rpc', 'rdp', 'smb_files', 'smb_mapping', 'kerberos', 'ntlm', 'notice', 'weird'];

const zeek: readonly Origin[] = [
  ...Object.entries(zeekKinds).map(([service, [kind, fields]]): Origin => ({
    logsource: { product: 'zeek', service },
    targets: [target(kind, fields, isOneOf('event_dataset', `zeek.${service}`))],
  })),
  ...zeekLogs.map((service): Origin => ({
    logsource: { product: 'zeek', service },
    targets: [target('log', ends, isOneOf('event_dataset', `zeek.${service}`))],
  })),
];

const suricata: readonly Origin[] = [
  {
    logsource: { product: 'suricata', service: 'dns' },
    targets: [target('dns', dnsFields, startsWith('event_dataset', 'suricata'))],
  },
  {
    logsource: { product: 'suricata', service: 'http' },
    targets: [target('http', httpFields, startsWith('event_dataset', 'suricata'))],
  },
  { logsource: { product: 'suricata' }, targets: [target('alert', ends, startsWith('event_dataset', 'suricata'))] },
];

export const networkOrigins: readonly Origin[] = [
  ...zeek,
  ...suricata,
  { logsource: { category: 'dns' }, targets: [target('dns', dnsFields)] },
  { logsource: { category: 'proxy' }, targets: [target('http', httpFields)] },
  { logsource: { category: 'webserver' }, targets: [target('http', httpFields)] },
  { logsource: { category: 'firewall' }, targets: [target('flow', flowFields)] },
  { logsource: { category: 'network', service: 'connection' }, targets: [target('flow', {}, always, 'ecs')] },
  { logsource: { category: 'network', service: 'dns' }, targets: [target('dns', {}, always, 'ecs')] },
];
