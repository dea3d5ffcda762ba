import type { Conversion, MappedColumns, Mapping, Reader } from '../../../events/mapping.ts';
import { firstOf, mappingTo, read } from '../../mapping/build.ts';

/** What an event is about, and by which mapping it is read. */
export type Route =
  | 'exec'
  | 'exec-done'
  | 'fork'
  | 'exit'
  | 'act'
  | 'credentials'
  | 'file'
  | 'socket'
  | 'local-socket'
  | 'packet'
  | 'dns'
  | 'http'
  | 'module'
  | 'module-free'
  | 'alert'
  | 'log';

/** An argument by one of its names: of `args` in the flat form, of `data` in the other. */
function argument(as: Conversion, ...names: readonly string[]): Reader {
  return firstOf(as, ...names.flatMap((name) => [`args.${name}`, `data.${name}`]));
}

const eventName = firstOf('text', 'eventName', 'name');

const common = {
  time: read('timestamp', 'iso'),
  event_dataset: { join: [{ constant: 'tracee' }, eventName], by: '.' },
  host_name: read('hostName', 'text'),
} as const;

const program = {
  ...common,
  process_pid: firstOf('integer', 'hostProcessId', 'processId', 'workload.process.host_pid', 'workload.process.pid'),
  process_parent_pid: firstOf('integer', 'hostParentProcessId', 'parentProcessId', 'parent.host_pid', 'parent.pid'),
  process_parent_name: read('parent.thread.name', 'text'),
  process_parent_executable: read('parent.executable.path', 'text'),
  user_id: firstOf('integer', 'userId', 'workload.process.real_user.id'),
  user_name: read('workload.process.real_user.name', 'text'),
  container_id: firstOf('text', 'container.id', 'containerId', 'workload.container.id'),
  container_name: firstOf('text', 'container.name', 'containerName', 'workload.container.name'),
  container_image_name: firstOf('text', 'container.image', 'containerImage', 'workload.container.image.name'),
} as const satisfies MappedColumns<'process'>;

const threadName = firstOf('text', 'processName', 'workload.process.thread.name');
const executable = firstOf('text', 'executable.path', 'workload.process.executable.path');
const actor = { ...program, process_name: threadName, process_executable: executable } as const;
/** What the reader of `parent` takes is told among the ancestors already. */
const drop = ['parent'];

const ends = {
  source_ip: argument('ip', 'src', 'src_ip'),
  source_port: argument('integer', 'src_port'),
  destination_ip: argument('ip', 'dst', 'dst_ip'),
  destination_port: argument('integer', 'dst_port'),
} as const;

/** Address in an argument that is a socket address, by its names. */
function address(...names: readonly string[]): { readonly ip: Reader; readonly port: Reader; readonly others: object } {
  const parts = (...fields: readonly string[]): string[] =>
    names.flatMap((name) => fields.map((field) => `${name}.${field}`));
  return {
    ip: argument('ip', ...parts('sin_addr', 'sin6_addr')),
    port: argument('integer', ...parts('sin_port', 'sin6_port')),
    others: {
      socket_path: argument('text', ...parts('sun_path')),
      socket_family: {
        join: [argument('text', ...parts('sa_family'))],
        by: '',
        table: { AF_INET: 'inet', AF_INET6: 'inet6', AF_UNIX: 'unix', AF_NETLINK: 'netlink', AF_PACKET: 'packet' },
      },
    },
  };
}

/** `connect` of `connect` and `security_socket_connect`. */
const socketAction: Reader = {
  join: [eventName],
  by: '',
  table: {
    security_socket_connect: 'connect',
    security_socket_accept: 'accept',
    security_socket_bind: 'bind',
    security_socket_listen: 'listen',
    accept4: 'accept',
    sendto: 'send',
    sendmsg: 'send',
    security_socket_sendmsg: 'send',
    recvfrom: 'receive',
  },
};
const remote = address('remote_addr', 'addr', 'dest_addr', 'src_addr', 'sockaddr');
const local = address('local_addr', 'addr', 'sockaddr');

const file = {
  ...actor,
  file_path: argument('text', 'pathname', 'file_path', 'old_path', 'oldpath', 'path', 'linkpath'),
  file_target_path: argument('text', 'new_path', 'newpath', 'target'),
  file_inode: argument('text', 'inode'),
  syscall: read('syscall', 'text'),
} as const satisfies MappedColumns<'file_access'>;

function module(action: string): Mapping {
  const columns = {
    ...actor,
    event_action: { constant: action },
    module_name: argument('text', 'name', 'module_name'),
    file_path: argument('text', 'pathname'),
  };
  return mappingTo('kernel_module', columns, { drop });
}

const dns: MappedColumns<'dns'> = {
  ...common,
  ...ends,
  dns_type: { join: [argument('text', 'proto_dns.QR')], by: '', table: { 0: 'query', 1: 'answer' } },
  dns_id: argument('integer', 'proto_dns.ID'),
  dns_question_name: argument('name', 'proto_dns.questions[].name'),
  dns_question_type: argument('text', 'proto_dns.questions[].type'),
  dns_question_class: argument('text', 'proto_dns.questions[].class'),
  dns_response_code: {
    join: [argument('lower', 'proto_dns.responseCode')],
    by: '',
    table: {
      'no error': 'NOERROR',
      'format error': 'FORMERR',
      'server failure': 'SERVFAIL',
      'server failure ': 'SERVFAIL',
      'non-existent domain': 'NXDOMAIN',
      'not implemented': 'NOTIMP',
      'query refused': 'REFUSED',
    },
  },
  dns_answers: argument('list', 'proto_dns.answers[].data'),
  dns_answer_types: argument('list', 'proto_dns.answers[].type'),
  dns_answer_ttls: argument('list', 'proto_dns.answers[].TTL'),
  dns_resolved_ip: argument('ips', 'proto_dns.answers[].data'),
};

const http: MappedColumns<'http'> = {
  ...common,
  ...ends,
  http_request_method: argument('text', 'proto_http.method'),
  url_domain: argument('hostname', 'proto_http.host'),
  http_host: argument('text', 'proto_http.host'),
  url_original: argument('text', 'proto_http.uri_path'),
  http_version: argument('text', 'proto_http.protocol'),
  http_response_status_code: argument('integer', 'proto_http.status_code'),
};

const alert: MappedColumns<'alert'> = {
  ...actor,
  ...ends,
  rule_id: firstOf('text', 'metadata.Properties.signatureID', 'metadata.Properties.id', 'name', 'eventName'),
  rule_name: firstOf('text', 'threat.name', 'metadata.Properties.signatureName', 'eventName'),
  rule_category: firstOf('text', 'metadata.Properties.Category', 'threat.mitre.tactic.name'),
  rule_ruleset: { constant: 'tracee' },
  rule_severity: {
    join: [firstOf('lower', 'threat.severity', 'metadata.Properties.Severity')],
    by: '',
    table: {
      0: 'info',
      1: 'low',
      2: 'medium',
      3: 'high',
      info: 'info',
      low: 'low',
      medium: 'medium',
      high: 'high',
      critical: 'critical',
    },
    otherwise: 'medium',
  },
  event_severity: firstOf('text', 'threat.severity', 'metadata.Properties.Severity'),
  event_action: { constant: 'logged' },
  message: firstOf('text', 'threat.description', 'metadata.Description'),
  threat_technique_id: firstOf('list', 'metadata.Properties.external_id', 'threat.mitre.technique.id'),
  tags: read('metadata.Tags', 'list'),
  file_path: argument('text', 'pathname', 'file_path'),
};

export const mappings: Readonly<Record<Route, Mapping>> = {
  // Before the program is there its thread still has the name of the caller.
  exec: mappingTo(
    'process',
    {
      ...program,
      event_action: { constant: 'exec' },
      process_executable: argument('text', 'pathname'),
      process_args: argument('list', 'argv'),
    },
    { drop },
  ),
  'exec-done': mappingTo(
    'process',
    {
      ...program,
      event_action: { constant: 'exec' },
      process_name: threadName,
      process_executable: argument('text', 'pathname', 'cmdpath'),
      process_args: argument('list', 'argv'),
    },
    { drop },
  ),
  fork: mappingTo('process', { ...actor, event_action: { constant: 'fork' } }, { drop }),
  exit: mappingTo(
    'process',
    {
      ...actor,
      event_action: { constant: 'exit' },
      process_exit_code: argument('integer', 'exit_code', 'status', 'error_code'),
    },
    { drop },
  ),
  act: mappingTo('process', { ...actor, event_action: eventName, target_pid: argument('integer', 'pid') }, { drop }),
  credentials: mappingTo('process', { ...actor, event_action: eventName }, { drop }),
  file: mappingTo('file_access', file, { drop }),
  socket: mappingTo(
    'socket',
    {
      ...actor,
      ...remote.others,
      event_action: socketAction,
      destination_ip: remote.ip,
      destination_port: remote.port,
      syscall: read('syscall', 'text'),
    },
    { drop },
  ),
  'local-socket': mappingTo(
    'socket',
    {
      ...actor,
      ...local.others,
      event_action: socketAction,
      source_ip: local.ip,
      source_port: local.port,
      syscall: read('syscall', 'text'),
    },
    { drop },
  ),
  packet: mappingTo('socket', { ...actor, ...ends, syscall: read('syscall', 'text') }, { drop }),
  dns: mappingTo('dns', dns, { drop }),
  http: mappingTo('http', http, { drop }),
  module: module('load'),
  'module-free': module('unload'),
  alert: mappingTo('alert', alert, { drop }),
  log: mappingTo('log', { ...actor, log_name: eventName }, { drop }),
};
