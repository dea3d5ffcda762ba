import type { Conversion, Mapping, Reader } from '../../../events/mapping.ts';

/**
 * Alerts of Falco as flat records: the keys of the alert and, beside them, those of its `output_fields`, which have dots
 * in them. The fields are those of falcosecurity/libs; which of them stand in a record is up to the rule.
 */
const read = (path: string, as: Conversion): Reader => ({ path, as });
const firstOf = (as: Conversion, ...paths: readonly string[]): Reader => ({
  first: paths.map((path) => read(path, as)),
});

const common = {
  time: read('time', 'iso'),
  event_dataset: { join: [{ constant: 'falco' }, read('source', 'text')], by: '.' },
  host_name: firstOf('text', 'hostname', 'evt.hostname'),
  message: read('output', 'text'),
  process_pid: read('proc.pid', 'integer'),
  process_name: read('proc.name', 'text'),
  process_executable: read('proc.exepath', 'text'),
  process_command_line: read('proc.cmdline', 'text'),
  process_parent_pid: read('proc.ppid', 'integer'),
  process_parent_name: read('proc.pname', 'text'),
  process_parent_executable: read('proc.pexepath', 'text'),
  process_parent_command_line: read('proc.pcmdline', 'text'),
  process_working_directory: read('proc.cwd', 'text'),
  process_tty: read('proc.tty', 'text'),
  user_id: read('user.uid', 'integer'),
  user_name: firstOf('text', 'user.name', 'ka.user.name', 'ct.user'),
  login_id: read('user.loginuid', 'integer'),
  login_name: read('user.loginname', 'text'),
  container_id: read('container.id', 'text'),
  container_name: read('container.name', 'text'),
  container_image_name: {
    first: [
      read('container.image', 'text'),
      { join: [read('container.image.repository', 'text'), read('container.image.tag', 'text')], by: ':' },
    ],
  },
  source_ip: firstOf('ip', 'fd.cip', 'ct.srcip', 'fd.lip'),
  source_port: firstOf('integer', 'fd.cport', 'fd.lport'),
  destination_ip: firstOf('ip', 'fd.sip', 'fd.rip'),
  destination_port: firstOf('integer', 'fd.sport', 'fd.rport'),
  network_transport: read('fd.l4proto', 'lower'),
} as const;

/** Falco's priorities are those of syslog. */
const severities: Readonly<Record<string, string>> = {
  emergency: 'critical',
  alert: 'critical',
  critical: 'critical',
  error: 'high',
  warning: 'medium',
  notice: 'low',
  informational: 'info',
  info: 'info',
  debug: 'info',
};

export const alertMapping: Mapping<'alert'> = {
  kind: 'alert',
  columns: {
    ...common,
    rule_id: read('rule', 'text'),
    rule_name: read('rule', 'text'),
    rule_ruleset: read('source', 'text'),
    rule_severity: { path: 'priority', as: 'lower', table: severities, otherwise: 'medium' },
    event_severity: read('priority', 'text'),
    event_action: { constant: 'logged' },
    threat_technique_id: read('techniques', 'list'),
    tags: read('tags', 'list'),
    file_path: firstOf('text', 'file', 'evt.arg.path', 'evt.arg.newpath', 'evt.arg.filename'),
    url_domain: firstOf('name', 'fd.sip.name', 'fd.rip.name'),
  },
};

/** What Falco says of itself: drops, metrics. */
export const internalMapping: Mapping<'log'> = {
  kind: 'log',
  columns: { ...common, log_name: read('rule', 'text'), log_level: read('priority', 'lower') },
};

/** What Falco writes for a field that has no value. */
export const unset = '<NA>';
