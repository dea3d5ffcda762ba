import type { KindId } from '../../../events/event.ts';
import { unfilledTables } from '../unfilled-tables.ts';
import type { HostColumns } from '../table.ts';

/** A table that is filled from the events of a case. */
export interface CaseTable {
  readonly columns: HostColumns;
  /** What it is read from, as it stands behind FROM in the SQL of the case. */
  readonly from: string;
  /** SQL of each column that the source has; the others are null. */
  readonly values: Readonly<Record<string, string>>;
}

interface Mapping {
  readonly kind: KindId;
  /** Which events are rows of it. */
  readonly where: string;
  /** SQL of each of osquery's columns that our events know. */
  readonly values: Readonly<Record<string, string>>;
}

const seconds = 'CAST(epoch(time) AS BIGINT)';
/** Who did it, in the words of osquery. Our events keep the effective user; the real one is the same but for set-id programs. */
const actor = {
  pid: 'process_pid',
  path: 'process_executable',
  auid: 'login_id',
  uid: 'user_id',
  euid: 'user_id',
  time: seconds,
};
const isLocalCall = "event_action IN ('bind', 'listen')";

/** osquery's event tables as events of a case tell them (osquery 5.20, specs/linux and specs/posix). */
const mappings: Readonly<Record<string, Mapping>> = {
  process_events: {
    kind: 'process',
    where: "event_action IN ('exec', 'fork', 'clone')",
    values: {
      ...actor,
      cmdline: 'process_command_line',
      cwd: 'process_working_directory',
      parent: 'process_parent_pid',
      syscall: "CASE event_action WHEN 'exec' THEN 'execve' ELSE event_action END",
    },
  },
  bpf_process_events: {
    kind: 'process',
    where: "event_action = 'exec'",
    values: {
      ...actor,
      tid: 'process_pid',
      cmdline: 'process_command_line',
      cwd: 'process_working_directory',
      parent: 'process_parent_pid',
      syscall: "'exec'",
    },
  },
  socket_events: {
    kind: 'socket',
    where: 'TRUE',
    values: {
      ...actor,
      action: 'event_action',
      family: "CASE socket_family WHEN 'unix' THEN 1 WHEN 'inet' THEN 2 WHEN 'inet6' THEN 10 END",
      local_address: `CASE WHEN ${isLocalCall} THEN coalesce(source_ip, destination_ip) ELSE source_ip END`,
      local_port: `CASE WHEN ${isLocalCall} THEN coalesce(source_port, destination_port) ELSE source_port END`,
      remote_address: `CASE WHEN NOT ${isLocalCall} THEN destination_ip END`,
      remote_port: `CASE WHEN NOT ${isLocalCall} THEN destination_port END`,
      status: "CASE event_outcome WHEN 'success' THEN 'succeeded' WHEN 'failure' THEN 'failed' END",
      success: "CASE event_outcome WHEN 'success' THEN 1 WHEN 'failure' THEN 0 END",
      protocol: "CASE network_transport WHEN 'tcp' THEN 6 WHEN 'udp' THEN 17 END",
      socket: 'socket_path',
    },
  },
  file_events: {
    kind: 'file_access',
    where: "event_action IN ('write', 'create', 'delete', 'rename', 'attribute', 'link')",
    values: {
      target_path: 'coalesce(file_target_path, file_path)',
      category: "array_to_string(rule_keys, ',')",
      action:
        "CASE event_action WHEN 'create' THEN 'CREATED' WHEN 'link' THEN 'CREATED' WHEN 'delete' THEN 'DELETED' WHEN 'rename' THEN 'MOVED_TO' WHEN 'attribute' THEN 'ATTRIBUTES_MODIFIED' ELSE 'UPDATED' END",
      inode: 'TRY_CAST(file_inode AS BIGINT)',
      uid: 'file_owner_id',
      gid: 'file_group_id',
      mode: 'file_mode',
      sha256: 'file_hash_sha256',
      hashed: 'CAST(file_hash_sha256 IS NOT NULL AS INTEGER)',
      time: seconds,
    },
  },
  process_file_events: {
    kind: 'file_access',
    where: 'TRUE',
    values: {
      operation: 'coalesce(syscall, event_action)',
      pid: 'process_pid',
      ppid: 'process_parent_pid',
      time: seconds,
      executable: 'process_executable',
      cwd: 'process_working_directory',
      path: 'file_path',
      dest_path: 'file_target_path',
      uid: 'CAST(user_id AS VARCHAR)',
      euid: 'CAST(user_id AS VARCHAR)',
      auid: 'CAST(login_id AS VARCHAR)',
    },
  },
  user_events: {
    kind: 'user_session',
    where: 'TRUE',
    values: {
      ...actor,
      message: 'event_action',
      address: 'source_ip',
      terminal: 'process_tty',
    },
  },
  syslog_events: {
    kind: 'log',
    where: "event_dataset = 'journald' OR event_dataset LIKE 'syslog%'",
    values: {
      time: seconds,
      datetime: "strftime(time, '%Y-%m-%dT%H:%M:%S')",
      host: 'host_name',
      severity: `list_position(['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'], log_level) - 1`,
      facility: "fields->>'$.facility'",
      tag: 'coalesce(process_name, log_name)',
      message: 'message',
    },
  },
};

export const eventTables: ReadonlyMap<string, CaseTable> = new Map(
  Object.entries(mappings).map(([name, { kind, where, values }]) => {
    const layout = unfilledTables.get(name);
    const from = `(SELECT * FROM ${kind} WHERE ${where})`;
    return [name, { columns: { ...layout?.columns, ...layout?.hidden }, from, values }];
  }),
);
