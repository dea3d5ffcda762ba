import type { MappedColumns, Mapping, Reader } from '../../../events/mapping.ts';
import { firstOf, mappingTo, read } from '../../mapping/build.ts';

/** What a row is, and by which mapping it is read. */
export type Route =
  | 'process'
  | 'socket'
  | 'file'
  | 'process-file'
  | 'session'
  | 'last'
  | 'syslog'
  | 'yara'
  | 'cron'
  | 'unit'
  | 'startup'
  | 'account'
  | 'module'
  | 'listener'
  | 'open-socket'
  | 'key-file'
  | 'sudo-rule'
  | 'set-id'
  | 'status'
  | 'log';

/** When the result was logged. */
const logged = firstOf('seconds', 'unixTime', 'calendarTime');
/** When it happened, which rows of evented tables say. */
const happened: Reader = { first: [read('columns.time', 'seconds'), logged] };

const common = {
  time: logged,
  event_dataset: { join: [{ constant: 'osquery' }, read('name', 'text')], by: '.' },
  host_name: read('hostIdentifier', 'text'),
} as const;

const actor = {
  ...common,
  time: happened,
  process_pid: read('columns.pid', 'integer'),
  user_id: firstOf('integer', 'columns.euid', 'columns.uid'),
  login_id: read('columns.auid', 'integer'),
} as const;

/** Numbers of protocols (IANA) and of address families (Linux). */
const protocols = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp', 132: 'sctp' };
const families = { 1: 'unix', 2: 'inet', 10: 'inet6', 16: 'netlink', 17: 'packet' };
const socketType = {
  network_transport: { path: 'columns.protocol', as: 'text', table: protocols },
  socket_family: { path: 'columns.family', as: 'text', table: families },
} as const;

const ends = {
  ...socketType,
  source_ip: read('columns.local_address', 'ip'),
  source_port: read('columns.local_port', 'integer'),
  destination_ip: read('columns.remote_address', 'ip'),
  destination_port: read('columns.remote_port', 'integer'),
} as const;

/** `res=` and `acct=` of an audit message. */
const session: MappedColumns<'user_session'> = {
  ...actor,
  process_executable: read('columns.path', 'text'),
  process_tty: read('columns.terminal', 'text'),
  source_ip: read('columns.address', 'ip'),
};

const last: MappedColumns<'user_session'> = {
  ...common,
  time: happened,
  target_user_name: read('columns.username', 'text'),
  process_pid: read('columns.pid', 'integer'),
  process_tty: read('columns.tty', 'text'),
  source_host: read('columns.host', 'text'),
};

export const mappings: Readonly<Record<Route, Mapping>> = {
  process: mappingTo('process', {
    ...actor,
    event_action: { constant: 'exec' },
    process_executable: read('columns.path', 'text'),
    process_command_line: read('columns.cmdline', 'text'),
    process_working_directory: read('columns.cwd', 'text'),
    process_parent_pid: read('columns.parent', 'integer'),
  }),
  socket: mappingTo('socket', {
    ...actor,
    ...ends,
    event_action: firstOf('text', 'columns.action', 'columns.syscall'),
    process_executable: read('columns.path', 'text'),
    socket_path: read('columns.socket', 'text'),
    event_outcome: {
      path: 'columns.status',
      as: 'text',
      table: { succeeded: 'success', failed: 'failure', in_progress: 'success', no_client: 'failure' },
    },
  }),
  file: mappingTo('file_access', {
    ...common,
    time: happened,
    file_path: read('columns.target_path', 'text'),
    file_inode: read('columns.inode', 'text'),
    file_mode: read('columns.mode', 'text'),
    file_owner_id: read('columns.uid', 'integer'),
    file_group_id: read('columns.gid', 'integer'),
    file_hash_sha256: read('columns.sha256', 'lower'),
  }),
  'process-file': mappingTo('file_access', {
    ...actor,
    process_executable: read('columns.executable', 'text'),
    process_parent_pid: read('columns.ppid', 'integer'),
    process_working_directory: read('columns.cwd', 'text'),
    file_path: read('columns.path', 'text'),
    file_target_path: read('columns.dest_path', 'text'),
  }),
  session: mappingTo('user_session', session),
  last: mappingTo('user_session', last),
  syslog: mappingTo('log', {
    ...common,
    time: happened,
    host_name: firstOf('text', 'columns.host', 'hostIdentifier'),
    log_name: read('columns.tag', 'text'),
    log_level: read('columns.severity', 'text'),
    message: read('columns.message', 'text'),
  }),
  yara: mappingTo('alert', {
    ...common,
    time: happened,
    rule_id: read('columns.matches', 'text'),
    rule_name: read('columns.matches', 'text'),
    rule_ruleset: { constant: 'yara' },
    rule_severity: { constant: 'medium' },
    event_action: { constant: 'logged' },
    file_path: firstOf('text', 'columns.target_path', 'columns.path'),
    count: read('columns.count', 'integer'),
  }),
  cron: mappingTo('scheduled_task', {
    ...common,
    task_type: { constant: 'task' },
    task_name: read('columns.path', 'text'),
    task_command: read('columns.command', 'text'),
    task_trigger: {
      join: ['event', 'minute', 'hour', 'day_of_month', 'month', 'day_of_week'].map((name) =>
        read(`columns.${name}`, 'text'),
      ),
      by: ' ',
    },
  }),
  unit: mappingTo('scheduled_task', {
    ...common,
    task_type: { constant: 'service' },
    task_name: firstOf('text', 'columns.id', 'columns.fragment_path'),
    task_user: read('columns.user', 'text'),
  }),
  startup: mappingTo('scheduled_task', {
    ...common,
    task_type: { constant: 'service' },
    task_name: read('columns.name', 'text'),
    task_command: read('columns.path', 'text'),
    task_arguments: read('columns.args', 'text'),
    task_user: read('columns.username', 'text'),
    task_trigger: read('columns.type', 'text'),
  }),
  account: mappingTo('user_session', {
    ...common,
    target_user_name: read('columns.username', 'text'),
    target_user_id: read('columns.uid', 'text'),
  }),
  module: mappingTo('kernel_module', { ...common, module_name: read('columns.name', 'text') }),
  listener: mappingTo('socket', {
    ...common,
    ...socketType,
    process_pid: read('columns.pid', 'integer'),
    process_name: read('columns.name', 'text'),
    process_executable: read('columns.path', 'text'),
    process_command_line: read('columns.cmdline', 'text'),
    source_ip: read('columns.address', 'ip'),
    source_port: read('columns.port', 'integer'),
  }),
  'open-socket': mappingTo('socket', {
    ...common,
    ...ends,
    process_pid: read('columns.pid', 'integer'),
    process_name: read('columns.name', 'text'),
    process_executable: read('columns.path', 'text'),
    process_command_line: read('columns.cmdline', 'text'),
  }),
  'key-file': mappingTo('file_access', { ...common, file_path: read('columns.key_file', 'text') }),
  // Of its rights the table tells the set-id bits only.
  'set-id': mappingTo(
    'file_access',
    {
      ...common,
      file_path: read('columns.path', 'text'),
      file_mode: { path: 'columns.permissions', as: 'text', table: { S: '4000', G: '2000', SG: '6000' } },
      user_name: read('columns.username', 'text'),
    },
    { keep: ['columns.permissions'] },
  ),
  'sudo-rule': mappingTo('file_access', { ...common, file_path: read('columns.source', 'text') }),
  status: mappingTo('log', {
    ...common,
    event_dataset: { constant: 'osquery.status' },
    log_name: { constant: 'status' },
    log_level: {
      path: 'severity',
      as: 'text',
      table: { 0: 'info', 1: 'warning', 2: 'error', 3: 'fatal' },
    },
    message: read('message', 'text'),
  }),
  log: mappingTo('log', { ...common, log_name: read('name', 'text') }),
};
