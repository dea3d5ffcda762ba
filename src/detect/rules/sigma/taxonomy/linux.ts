import { allOf, not, type Condition } from '../../../../match/condition/condition.ts';
import type { KindId } from '../../../../events/event.ts';
import { isOneOf, startsWith, type FieldPlace, type Origin, type Target } from './target.ts';
import { sysmonForLinux } from './windows.ts';

/** Events of Windows have their own log sources. */
const notWindows = not(startsWith('event_dataset', 'windows'));
const platform = 'other';

const actor: Readonly<Record<string, FieldPlace>> = {
  Image: 'process_executable',
  ProcessId: 'process_pid',
  CommandLine: 'process_command_line',
  ParentImage: 'process_parent_executable',
  ParentProcessId: 'process_parent_pid',
  ParentCommandLine: 'process_parent_command_line',
  CurrentDirectory: 'process_working_directory',
  User: 'user_name',
  LogonId: 'session_id',
  Computer: 'host_name',
  ContainerId: 'container_id',
  ContainerName: 'container_name',
};

/** Whatever sensor saw the program start: auditd, Falco, Tetragon, our own. */
const programStart: Target = {
  kind: 'process',
  where: allOf([notWindows, isOneOf('event_action', 'exec', 'execve', 'execveat', 'start', 'spawn')]),
  fields: { ...actor, sha256: 'process_hash_sha256' },
  keywords: ['process_command_line'],
  others: 'members',
  platform,
};

const fileCreated: Target = {
  kind: 'file_access',
  where: allOf([notWindows, isOneOf('event_action', 'create', 'rename', 'link', 'open-create')]),
  fields: { ...actor, TargetFilename: ['file_path', 'file_target_path'] },
  others: 'members',
  platform,
};

const fileDeleted: Target = {
  kind: 'file_access',
  where: allOf([notWindows, isOneOf('event_action', 'delete')]),
  fields: { ...actor, TargetFilename: 'file_path' },
  others: 'members',
  platform,
};

const connection: Readonly<Record<string, FieldPlace>> = {
  ...actor,
  SourceIp: 'source_ip',
  SourcePort: 'source_port',
  DestinationIp: 'destination_ip',
  DestinationPort: 'destination_port',
  DestinationHostname: ['fields[DestinationHostname]', 'fields[destination_domain]'],
  Protocol: 'network_transport',
};
const connections: readonly Target[] = [
  {
    kind: 'socket',
    where: allOf([notWindows, isOneOf('event_action', 'connect')]),
    fields: { ...connection, Initiated: { constant: 'true' } },
    others: 'members',
    platform,
  },
  {
    kind: 'socket',
    where: allOf([notWindows, isOneOf('event_action', 'accept')]),
    fields: { ...connection, Initiated: { constant: 'false' } },
    others: 'members',
    platform,
  },
];

const isAudit = startsWith('event_dataset', 'auditd');

/** Fields of a SYSCALL record, which all events of one system call have. */
const systemCall: Readonly<Record<string, FieldPlace>> = {
  type: { constant: 'SYSCALL' },
  exe: 'process_executable',
  comm: 'process_name',
  pid: 'process_pid',
  ppid: 'process_parent_pid',
  tty: 'process_tty',
  ses: 'session_id',
  auid: 'login_id',
  euid: 'user_id',
  key: 'rule_keys',
};

/**
 * Rules for auditd ask for one record; our events are put together from several. So the same event answers as each of the
 * records that it was made of.
 */
const auditRecords: readonly Target[] = [
  {
    kind: 'process',
    where: allOf([isAudit, isOneOf('event_action', 'exec')]),
    fields: { type: { constant: 'EXECVE' } },
    keywords: ['process_command_line'],
    numbered: { prefix: 'a', column: 'process_args' },
    others: 'absent',
    platform,
  },
  systemCalls('process', 'exec', { constant: 'execve' }),
  systemCalls('process', 'other', 'fields[syscall]'),
  systemCalls('file_access', 'any', 'syscall'),
  systemCalls('socket', 'any', 'syscall'),
  systemCalls('kernel_module', 'any', 'fields[syscall]'),
  auditPaths(isOneOf('event_action', 'create', 'rename', 'link'), 'CREATE'),
  auditPaths(isOneOf('event_action', 'delete', 'rename'), 'DELETE'),
  auditPaths(not(isOneOf('event_action', 'create', 'rename', 'link', 'delete')), 'NORMAL'),
  {
    kind: 'process',
    where: allOf([isAudit, isOneOf('event_action', 'exec')]),
    fields: { type: { constant: 'PATH' }, name: 'process_executable', nametype: { constant: 'NORMAL' } },
    others: 'absent',
    platform,
  },
  {
    kind: 'log',
    where: isAudit,
    fields: { type: 'log_name', exe: 'process_executable', comm: 'process_name' },
    others: 'members',
    platform,
  },
  ...auditSessions(),
];

/** Events as their SYSCALL record. That of a program start needs no look into the record's own fields. */
function systemCalls(kind: KindId, action: 'exec' | 'other' | 'any', call: FieldPlace): Target {
  const isExec = isOneOf('event_action', 'exec');
  const wanted = { exec: [isExec], other: [not(isExec)], any: [] }[action];
  const fields = { ...systemCall, SYSCALL: call, syscall: call };
  return { kind, where: allOf([isAudit, ...wanted]), fields, others: 'members', platform };
}

function auditPaths(where: Condition, nametype: string): Target {
  return {
    kind: 'file_access',
    where: allOf([isAudit, where]),
    fields: {
      type: { constant: 'PATH' },
      name: ['file_path', 'file_target_path'],
      nametype: { constant: nametype },
      inode: 'file_inode',
      mode: 'file_mode',
    },
    others: 'members',
    platform,
  };
}

/** Record types by what the event says happened. */
function auditSessions(): Target[] {
  const types: Readonly<Record<string, string>> = {
    'account-created': 'ADD_USER',
    'account-removed': 'DEL_USER',
    'group-created': 'ADD_GROUP',
    'group-removed': 'DEL_GROUP',
    login: 'USER_LOGIN',
    logout: 'USER_LOGOUT',
    sudo: 'USER_CMD',
    authentication: 'USER_AUTH',
  };
  return Object.entries(types).map(([action, type]) => ({
    kind: 'user_session',
    where: allOf([isAudit, isOneOf('event_action', action)]),
    fields: {
      type: { constant: type },
      acct: 'target_user_name',
      exe: 'process_executable',
      comm: 'process_name',
      addr: 'source_ip',
      hostname: 'source_host',
      auid: 'login_id',
    },
    others: 'members',
    platform,
  }));
}

/** Text logs, told apart by the program that wrote the line. What it says of sessions is read, and keeps its text. */
function textLog(...programs: readonly string[]): Target[] {
  const wrote = isOneOf('process_name', ...programs);
  const isText = startsWith('event_dataset', 'syslog', 'journald');
  const log = allOf(programs.length === 0 ? [notWindows] : [notWindows, wrote]);
  const session = allOf(programs.length === 0 ? [isText] : [isText, wrote]);
  return [
    { kind: 'log', where: log, fields: actor, others: 'members', platform },
    { kind: 'user_session', where: session, fields: actor, others: 'members', platform },
  ];
}

/** What a container engine says of its containers, as the sensor of containers writes it down. */
const engineEvents: Target = {
  kind: 'log',
  where: isOneOf('event_dataset', 'engine.container'),
  fields: { ...actor, Action: 'log_name' },
  others: 'members',
  platform,
};

const services: Readonly<Record<string, readonly string[]>> = {
  auth: ['sshd', 'sudo', 'su', 'login', 'systemd-logind', 'passwd', 'useradd', 'usermod', 'groupadd', 'polkitd'],
  sshd: ['sshd', 'sshd-session'],
  sudo: ['sudo'],
  cron: ['cron', 'CRON', 'crond', 'anacron', 'crontab'],
  clamav: ['clamd', 'clamav', 'freshclam', 'clamscan'],
  guacamole: ['guacd', 'guacamole'],
  vsftpd: ['vsftpd'],
};

const product = 'linux';
export const linuxOrigins: readonly Origin[] = [
  {
    logsource: { product, category: 'process_creation' },
    targets: [programStart, ...sysmonForLinux('process_creation')],
  },
  { logsource: { product, category: 'file_event' }, targets: [fileCreated, ...sysmonForLinux('file_event')] },
  { logsource: { product, category: 'file_delete' }, targets: [fileDeleted, ...sysmonForLinux('file_delete')] },
  {
    logsource: { product, category: 'network_connection' },
    targets: [...connections, ...sysmonForLinux('network_connection')],
  },
  { logsource: { product, service: 'auditd' }, targets: auditRecords },
  { logsource: { product, service: 'docker' }, targets: [engineEvents] },
  ...Object.entries(services).map(([service, programs]): Origin => ({
    logsource: { product, service },
    targets: textLog(...programs),
  })),
  { logsource: { product, service: 'syslog' }, targets: textLog() },
  { logsource: { product }, targets: [...textLog(), programStart], isExact: true },
];
