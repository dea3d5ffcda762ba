import type { EventRow } from '../../../../events/event.ts';
import type { KeptFields } from './derived.ts';
import { ends, type Field, type FieldType, type LogLayout } from './logs.ts';

/** Zeek's logs of protocols that have no kind of their own here, with the fields that follow those of the connection, and their types. */
const fieldsOfLogs: Readonly<Record<string, string>> = {
  websocket:
    'host:string uri:string user_agent:string subprotocol:string client_protocols:vector[string] server_extensions:vector[string] client_extensions:vector[string]',
  tunnel: 'tunnel_type:enum action:enum',
  kerberos:
    'request_type:string client:string service:string success:bool error_msg:string from:time till:time cipher:string forwardable:bool renewable:bool client_cert_subject:string client_cert_fuid:string server_cert_subject:string server_cert_fuid:string auth_ticket_sha256:string new_ticket_sha256:string',
  rdp: 'cookie:string result:string security_protocol:string client_channels:vector[string] keyboard_layout:string client_build:string client_name:string client_dig_product_id:string desktop_width:count desktop_height:count requested_color_depth:string cert_type:string cert_count:count cert_permanent:bool encryption_level:string encryption_method:string',
  sip: 'trans_depth:count method:string uri:string date:string request_from:string request_to:string response_from:string response_to:string reply_to:string call_id:string seq:string subject:string request_path:vector[string] response_path:vector[string] user_agent:string status_code:count status_msg:string warning:string request_body_len:count response_body_len:count content_type:string',
  snmp: 'duration:interval version:string community:string get_requests:count get_bulk_requests:count get_responses:count set_requests:count display_string:string up_since:time',
  mysql: 'cmd:string arg:string success:bool rows:count response:string',
  irc: 'nick:string user:string command:string value:string addl:string dcc_file_name:string dcc_file_size:count dcc_mime_type:string fuid:string',
  socks:
    'version:count user:string password:string status:string request.host:addr request.name:string request_p:port bound.host:addr bound.name:string bound_p:port',
  modbus: 'tid:count unit:count func:string pdu_type:string exception:string',
  ntp: 'version:count mode:count stratum:count poll:interval precision:interval root_delay:interval root_disp:interval ref_id:string ref_time:time org_time:time rec_time:time xmt_time:time num_exts:count',
  ntp_control:
    'version:count mode:count op_code:count sequence:count status:count association_id:count resp_bit:bool err_bit:bool more_bit:bool',
  ntp_private: 'version:count mode:count req_code:count sequence:count implementation:count auth_bit:bool err:count',
  ldap: 'message_id:int version:int opcode:string result:string diagnostic_message:string object:string argument:string',
  ldap_search:
    'base_object:string filter:string message_id:int scope:string deref_aliases:string result_count:count result:string diagnostic_message:string attributes:vector[string]',
  smb_files:
    'fuid:string action:enum path:string name:string size:count prev_name:string times.modified:time times.accessed:time times.created:time times.changed:time',
  smb_mapping: 'path:string service:string native_file_system:string share_type:string',
  dce_rpc: 'rtt:interval named_pipe:string endpoint:string operation:string',
  rfb: 'client_major_version:string client_minor_version:string server_major_version:string server_minor_version:string authentication_method:string auth:bool share_flag:bool desktop_name:string width:count height:count',
  mqtt_connect:
    'proto_name:string proto_version:string client_id:string connect_status:string will_topic:string will_payload:string',
  mqtt_publish: 'from_client:bool retain:bool qos:string status:string topic:string payload:string payload_len:count',
  mqtt_subscribe: 'action:enum topics:vector[string] qos_levels:vector[count] granted_qos_level:count ack:bool',
  radius:
    'username:string mac:string framed_addr:addr tunnel_client:string connect_info:string reply_msg:string result:string ttl:interval',
  syslog: 'proto:enum facility:string severity:string message:string',
  ftp: 'user:string password:string command:string arg:string mime_type:string file_size:count reply_code:count reply_msg:string data_channel.passive:bool data_channel.orig_h:addr data_channel.resp_h:addr data_channel.resp_p:port fuid:string',
  ntlm: 'username:string hostname:string domainname:string server_nb_computer_name:string server_dns_computer_name:string server_tree_name:string success:bool',
  postgresql:
    'user:string database:string application_name:string frontend:string frontend_arg:string backend:string backend_arg:string success:bool rows:count',
  dnp3: 'fc_request:string fc_reply:string iin:count',
  pe: 'id:string machine:string compile_ts:time os:string subsystem:string is_exe:bool is_64bit:bool uses_aslr:bool uses_dep:bool uses_code_integrity:bool uses_seh:bool has_import_table:bool has_export_table:bool has_cert_table:bool has_debug_data:bool section_names:vector[string]',
  redis: 'cmd.name:string cmd.key:string cmd.value:string success:bool reply.value:string',
};

/** Logs whose rows are no connection's: Zeek tells of a file by its id. */
const logsOfFiles: ReadonlySet<string> = new Set(['pe']);
const timeOnly = ends.slice(0, 1);

/** A layout for each log, by its name. Its columns are those of `recordRow`. */
export const recordLayouts: ReadonlyMap<string, LogLayout> = new Map(
  Object.entries(fieldsOfLogs).map(([path, fields]) => [
    path,
    { path, kind: 'log', fields: [...(logsOfFiles.has(path) ? timeOnly : ends), ...fieldsIn(fields)] },
  ]),
);

function fieldsIn(text: string): Field[] {
  return text.split(' ').map((field) => {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon);
    return [name, field.slice(colon + 1) as FieldType, `fields.${name}`];
  });
}

/** The columns of an event with what its `fields` hold beside them, as `fields.NAME`, in the form that columns have: times in µs. */
export function recordRow(event: EventRow, { fields, derived }: LogLayout): EventRow {
  const row: EventRow = { ...event };
  const kept = JSON.parse(String(event['fields'] ?? '{}')) as KeptFields;
  const held = derived === undefined ? kept : { ...kept, ...derived(event, kept) };
  for (const [name, type, column] of fields) {
    if (column.startsWith('fields.') && Object.hasOwn(held, name)) row[column] = columnValue(held[name], type);
  }
  return row;
}

type Value = EventRow[string];

/** What a value has to be for a type; for types that are not here any value is a text. */
const forms: Partial<Readonly<Record<FieldType, (value: unknown) => Value>>> = {
  bool: (value) => (typeof value === 'boolean' ? value : null),
  count: finite,
  int: finite,
  port: finite,
  time: micros,
  interval: micros,
};

/** Null for what is not of the type: a reader of the log would stop at it. */
function columnValue(value: unknown, type: FieldType): Value {
  if (value === null || value === undefined) return null;
  if (type.startsWith('vector[') || type.startsWith('set[')) {
    return Array.isArray(value) ? value.map(String) : [textOf(value)];
  }
  return (forms[type] ?? textOf)(value);
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function micros(value: unknown): number | null {
  if (typeof value === 'string') return microsOfGeneralizedTime(value);
  const seconds = finite(value);
  return seconds === null ? null : Math.round(seconds * 1e6);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Kerberos writes times as `20370913024805Z` (RFC 4120, 5.2.3). */
function microsOfGeneralizedTime(text: string): number | null {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) * 1000;
}
