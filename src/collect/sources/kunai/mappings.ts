import type { MappedColumns, Mapping, Reader } from '../../../events/mapping.ts';
import { firstOf, mappingTo, read } from '../../mapping/build.ts';

/** Events of Kunai by their name, from `info.event.name`. The parts are `data` (what happened) and `info` (who, when). */

const common = {
  time: read('info.utc_time', 'iso'),
  event_dataset: { join: [{ constant: 'kunai' }, read('info.event.name', 'text')], by: '.' },
  host_name: firstOf('text', 'info.host.name', 'info.host.hostname'),
} as const;

const actor = {
  ...common,
  // The process is the thread group; `pid` is the kernel's id of the task.
  process_pid: firstOf('integer', 'info.task.tgid', 'info.task.pid'),
  process_name: read('info.task.name', 'text'),
  process_executable: firstOf('text', 'data.exe.path', 'data.exe.file'),
  process_command_line: read('data.command_line', 'text'),
  process_parent_pid: firstOf('integer', 'info.parent_task.tgid', 'info.parent_task.pid'),
  process_parent_name: read('info.parent_task.name', 'text'),
  process_parent_executable: read('data.parent_exe', 'text'),
  process_parent_command_line: read('data.parent_command_line', 'text'),
  user_id: read('info.task.uid', 'integer'),
  user_name: read('info.task.user', 'text'),
  container_name: read('info.host.container.name', 'text'),
} as const satisfies MappedColumns<'process'>;

const ends = {
  source_ip: read('data.src.ip', 'ip'),
  source_port: read('data.src.port', 'integer'),
  network_community_id: read('data.community_id', 'text'),
} as const;

function process(action: string, more: MappedColumns<'process'> = {}): Mapping<'process'> {
  return { kind: 'process', columns: { ...actor, event_action: { constant: action }, ...more } };
}

function file(action: string, more: MappedColumns<'file_access'> = {}): Mapping<'file_access'> {
  const path = read('data.path', 'text');
  return { kind: 'file_access', columns: { ...actor, event_action: { constant: action }, file_path: path, ...more } };
}

function socket(action: string): Mapping<'socket'> {
  return {
    kind: 'socket',
    columns: {
      ...actor,
      ...ends,
      event_action: { constant: action },
      destination_ip: read('data.dst.ip', 'ip'),
      destination_port: read('data.dst.port', 'integer'),
      network_transport: read('data.socket.proto', 'lower'),
      socket_family: {
        path: 'data.socket.domain',
        as: 'text',
        table: { AF_INET: 'inet', AF_INET6: 'inet6', AF_UNIX: 'unix' },
      },
      event_outcome: outcome('data.connected'),
    },
  };
}

function outcome(path: string): Reader {
  return { path, as: 'text', table: { true: 'success', false: 'failure' } };
}

const target = {
  target_pid: firstOf('integer', 'data.target.task.tgid', 'data.target.task.pid'),
  target_name: read('data.target.task.name', 'text'),
} as const;
const hash = { process_hash_sha256: read('data.exe.sha256', 'lower') } as const;

const dnsQuery: Mapping<'dns'> = {
  kind: 'dns',
  columns: {
    ...common,
    ...ends,
    destination_ip: read('data.dns_server.ip', 'ip'),
    destination_port: read('data.dns_server.port', 'integer'),
    network_transport: firstOf('lower', 'data.proto', 'data.socket.proto'),
    dns_question_name: read('data.query', 'name'),
    dns_question_type: read('data.type', 'text'),
    dns_answers: read('data.response', 'list'),
    dns_resolved_ip: read('data.response', 'ips'),
  },
};

export const mappings: Readonly<Record<string, Mapping>> = {
  execve: process('exec', hash),
  execve_script: process('exec', { ...hash, process_interpreted_file: read('data.exe.path', 'text') }),
  clone: process('fork'),
  exit: process('exit', { process_exit_code: read('data.error_code', 'integer') }),
  exit_group: process('exit', { process_exit_code: read('data.error_code', 'integer') }),
  prctl: process('prctl', { event_outcome: outcome('data.success') }),
  kill: process('kill', target),
  ptrace: process('ptrace', target),
  mprotect_exec: process('memory-executable'),
  mmap_exec: file('map', {
    file_path: firstOf('text', 'data.mapped.path', 'data.mapped.file'),
    file_hash_sha256: read('data.mapped.sha256', 'lower'),
  }),
  read: file('read'),
  read_config: file('read'),
  write: file('write'),
  write_config: file('write'),
  write_close: file('write'),
  file_create: file('create'),
  file_unlink: file('delete', { event_outcome: outcome('data.success') }),
  file_rename: file('rename', { file_path: read('data.old', 'text'), file_target_path: read('data.new', 'text') }),
  connect: socket('connect'),
  send_data: socket('send'),
  dns_query: dnsQuery,
  init_module: mappingTo('kernel_module', {
    ...actor,
    event_action: { constant: 'load' },
    event_outcome: outcome('data.loaded'),
    module_name: read('data.module_name', 'text'),
  }),
};

export const logMapping: Mapping<'log'> = {
  kind: 'log',
  columns: { ...actor, log_name: read('info.event.name', 'text') },
  keep: ['info.event.name'],
};

export const alertMapping: Mapping<'alert'> = {
  kind: 'alert',
  columns: {
    ...actor,
    ...ends,
    destination_ip: firstOf('ip', 'data.dst.ip', 'data.dns_server.ip'),
    destination_port: firstOf('integer', 'data.dst.port', 'data.dns_server.port'),
    network_transport: firstOf('lower', 'data.socket.proto', 'data.proto'),
    rule_id: read('detection.rules', 'joined'),
    rule_name: read('detection.rules', 'joined'),
    rule_ruleset: { constant: 'kunai' },
    rule_category: read('info.event.name', 'text'),
    rule_severity: {
      path: 'detection.severity',
      as: 'text',
      // Severities of Kunai run from 0 to 10.
      table: {
        0: 'info',
        1: 'info',
        2: 'low',
        3: 'low',
        4: 'low',
        5: 'medium',
        6: 'medium',
        7: 'high',
        8: 'high',
        9: 'critical',
        10: 'critical',
      },
      otherwise: 'medium',
    },
    event_severity: read('detection.severity', 'text'),
    event_action: { constant: 'logged' },
    threat_technique_id: read('detection.attack', 'list'),
    tags: read('detection.tags', 'list'),
    file_path: firstOf('text', 'data.path', 'data.new'),
    url_domain: firstOf('name', 'data.query', 'data.dst.hostname'),
  },
};
