import type { KindId } from '../../../../events/event.ts';
import { loaderVariables, proxyVariables } from '../../../../events/told-variables.ts';
import type { FieldReference } from '../../../../match/condition/condition.ts';

/**
 * What of our own events stands for a field of Falco's system calls. Both executions read it: over live events and over
 * stored rows.
 */
export type EventValue =
  /** A column, or a member of the record's own fields. */
  | FieldReference
  /** The first that has a value. */
  | { readonly first: readonly EventValue[] }
  | { readonly constant: string | number }
  /** What is said where a column has no value. It tells nothing: evidence without the column does not have the field. */
  | { readonly column: FieldReference; readonly orElse: string }
  /** Text by the value of a column. */
  | { readonly table: FieldReference; readonly values: Readonly<Record<string, string>> }
  /** What stands before or after the last slash of a path. */
  | { readonly directory: FieldReference }
  | { readonly basename: FieldReference }
  /** What stands after the first blank. */
  | { readonly rest: FieldReference }
  /** Falco's names of the bits above the permissions of a mode. */
  | { readonly modeBits: FieldReference }
  /** Falco's names of the capabilities in a mask of hexadecimal digits. */
  | { readonly capabilities: FieldReference }
  /** An image's name without its tag and digest, and the tag. */
  | { readonly repository: FieldReference }
  | { readonly tag: FieldReference }
  /** Where of a container's mounts the first lies whose source the glob matches: Falco says `N/A` when there is none. */
  | { readonly mountOf: FieldReference; readonly source: string }
  /** Whether a text begins so: `true` or `false`. */
  | { readonly begins: FieldReference; readonly with: string }
  /** 1 when the column has a value, else 0. */
  | { readonly presence: FieldReference }
  /** How many values a list has behind its first: arguments without the program's own name. */
  | { readonly countBehindFirst: FieldReference }
  /** An object of texts as assignments: `A=1 B=2`. */
  | { readonly assignments: FieldReference }
  /** Whether a mode that a file is made with lets somebody run it: `true` or `false`. */
  | { readonly isRunnable: FieldReference }
  /** Another column by the value of one; nothing for values that are not named. */
  | { readonly chosenBy: FieldReference; readonly of: Readonly<Record<string, FieldReference>> }
  /** All of the values that are there: a test looks at each. */
  | { readonly each: readonly FieldReference[] }
  /** A column of the parent, and of the first so many ancestors that sensors list the member that stands for it: a test looks at each. */
  | { readonly parent: FieldReference; readonly ancestors: string; readonly most: number };

const column = (name: string): FieldReference => ({ name });
const member = (argument: string): FieldReference => ({ name: 'fields', argument });
const outcome = (success: string, failure: string): EventValue => ({
  table: column('event_outcome'),
  values: { success, failure },
});

/** As sensors tell it, else as the audit log does where a program begins. */
const capabilities = (sensor: readonly string[], audit: string): EventValue => ({
  first: [...sensor, `BPRM_FCAPS.${audit}`].map((name) => ({ capabilities: member(name) })),
});

const firstArgument: EventValue = {
  first: [{ name: 'process_args', argument: '0' }, column('process_executable')],
};

const result: EventValue = { first: [member('exit'), outcome('0', '-1')] };

/** Ancestors beyond the parent that are told: twice as many as the official rules ask for. */
const farthestAncestor = 16;

/**
 * `proc.aname[2]` and its like: those that started the parent, as sensors that know the line of processes list them, the parent first; and
 * `proc.aname`, which is any of them or the parent.
 */
function ancestors(): Record<string, EventValue> {
  const fields: Record<string, EventValue> = {};
  const levels = Array.from({ length: farthestAncestor - 1 }, (_none, index) => index + 2);
  for (const [field, parent, part] of ancestorFields) {
    const of = (level: number): FieldReference => member(`ancestors.${level - 1}.${part}`);
    for (const level of levels) fields[`${field}[${level}]`] = of(level);
    fields[field] = { parent: column(parent), ancestors: part, most: farthestAncestor };
  }
  return fields;
}
const ancestorFields = [
  ['proc.aname', 'process_parent_name', 'name'],
  ['proc.aexepath', 'process_parent_executable', 'executable'],
  // Their first arguments are not told: it is what they run, as for `proc.pexe`.
  ['proc.aexe', 'process_parent_executable', 'executable'],
  ['proc.apid', 'process_parent_pid', 'pid'],
] as const;

/** What Falco says for the container of what runs in none. */
export const nowhere = 'host';

/** What sensors tell of an engine's answer about a container. */
const ofContainers: Readonly<Record<string, EventValue>> = {
  'container.id': { column: column('container_id'), orElse: nowhere },
  'container.full_id': column('container_id'),
  'container.name': column('container_name'),
  'container.image': column('container_image_name'),
  'container.image.repository': { repository: column('container_image_name') },
  'container.image.tag': { tag: column('container_image_name') },
  'container.image.id': member('container_image_id'),
  'container.ip': member('container_ip'),
  'container.start_ts': member('container_start_ns'),
  'container.privileged': member('container_privileged'),
  'container.host_pid': member('container_host_pid'),
  'container.host_network': member('container_host_network'),
  'container.host_ipc': member('container_host_ipc'),
  'container.mounts': member('container_mounts'),
  'k8s.pod.name': member('container_pod_name'),
  'k8s.pod.uid': member('container_pod_uid'),
  'k8s.ns.name': member('container_pod_namespace'),
};

/** Fields that every kind with an actor has. */
const actor: Readonly<Record<string, EventValue>> = {
  'evt.num': { constant: 1 },
  'evt.dir': { constant: '<' },
  'evt.hostname': column('host_name'),
  'evt.source': { constant: 'syscall' },
  'evt.res': outcome('SUCCESS', 'FAILED'),
  'evt.failed': outcome('false', 'true'),
  'evt.rawres': result,
  'proc.name': column('process_name'),
  'proc.exepath': column('process_executable'),
  'proc.exe': firstArgument,
  'proc.cmdline': column('process_command_line'),
  'proc.is_exe_from_memfd': { begins: column('process_executable'), with: '/memfd:' },
  'proc.exeline': column('process_command_line'),
  'proc.args': { rest: column('process_command_line') },
  // Nanoseconds since the process was started.
  'proc.duration': member('age_ns'),
  'proc.cwd': column('process_working_directory'),
  'proc.pid': column('process_pid'),
  // That of a container's first process is asked for as 1, also where the container has the machine's process ids.
  'proc.vpid': { first: [member('container_pid'), member('own_pid'), column('process_pid')] },
  'proc.vpgid': member('own_group'),
  'proc.is_vpgid_leader': member('is_group_leader'),
  'proc.is_exe_upper_layer': member('is_upper_layer'),
  'proc.exe_ino': member('executable_inode'),
  'proc.exe_ino.ctime': member('executable_changed_ns'),
  'proc.exe_ino.mtime': member('executable_modified_ns'),
  'proc.ppid': column('process_parent_pid'),
  'proc.pname': column('process_parent_name'),
  'proc.aname[0]': column('process_name'),
  'proc.aname[1]': column('process_parent_name'),
  'proc.aexepath[0]': column('process_executable'),
  'proc.aexepath[1]': column('process_parent_executable'),
  'proc.aexe[0]': firstArgument,
  'proc.aexe[1]': column('process_parent_executable'),
  'proc.apid[0]': column('process_pid'),
  'proc.apid[1]': column('process_parent_pid'),
  ...ancestors(),
  'proc.pexe': column('process_parent_executable'),
  'proc.pexepath': column('process_parent_executable'),
  'proc.pcmdline': column('process_parent_command_line'),
  'proc.acmdline[0]': column('process_command_line'),
  'proc.acmdline[1]': column('process_parent_command_line'),
  'proc.tty': { presence: column('process_tty') },
  'user.uid': column('user_id'),
  'user.name': column('user_name'),
  'user.loginuid': column('login_id'),
  'user.loginname': column('login_name'),
  // As audit logs tell it; groups are no columns.
  'group.gid': { first: [member('egid'), member('gid')] },
  'group.name': { first: [member('EGID'), member('GID')] },
  'thread.cap_effective': capabilities(['cap_effective'], 'pe'),
  'thread.cap_permitted': capabilities(['cap_permitted', 'cap_effective'], 'pp'),
  'thread.cap_inheritable': capabilities(['cap_inheritable'], 'pi'),
  ...ofContainers,
};

const eventType = (actions: Readonly<Record<string, string>>, ...columns: readonly FieldReference[]): EventValue => ({
  first: [member('syscall'), ...columns, { table: column('event_action'), values: actions }],
});

const path = column('file_path');
const target = column('file_target_path');

const files: Readonly<Record<string, EventValue>> = {
  'evt.type': eventType(
    {
      open: 'openat',
      read: 'openat',
      write: 'openat',
      create: 'openat',
      delete: 'unlinkat',
      rename: 'renameat',
      link: 'linkat',
      attribute: 'fchmodat',
      mount: 'mount',
      unmount: 'umount2',
    },
    column('syscall'),
  ),
  'evt.is_open_read': { table: column('event_action'), values: { read: 'true', write: 'false', create: 'false' } },
  'evt.is_open_write': { table: column('event_action'), values: { read: 'false', write: 'true', create: 'true' } },
  // Told where a file is made: what it may be then.
  'evt.is_open_exec': { isRunnable: member('mode') },
  'evt.is_open_create': { table: column('event_action'), values: { read: 'false', write: 'false', create: 'true' } },
  'evt.arg[mode]': { modeBits: member('mode') },
  'evt.arg[path]': path,
  'evt.arg[name]': path,
  'evt.arg[pathname]': path,
  'evt.arg[filename]': path,
  'evt.arg[oldpath]': path,
  'evt.arg[newpath]': target,
  // A symbolic link is told as its text, and the file that holds it.
  'evt.arg[linkpath]': target,
  'evt.arg[target]': path,
  // No argument of a call, but what an audit rule adds to it: it knows the file by its inode, whatever the path.
  'evt.arg[key]': column('rule_keys'),
  'fd.name': path,
  // As the call was given it, where that is not the path itself.
  'fd.nameraw': { first: [member('path'), path] },
  'fs.path.name': path,
  'fs.path.nameraw': { first: [member('path'), path] },
  'fs.path.source': path,
  'fs.path.target': target,
  'fd.directory': { directory: path },
  'fd.filename': { basename: path },
  'fd.num': result,
  'fd.type': { constant: 'file' },
  'fd.typechar': { constant: 'f' },
  'fd.ino': column('file_inode'),
};

const family = column('socket_family');
const [asCaller, asCalled] = [
  ['connect', 'send', 'dup'],
  ['accept', 'receive'],
] as const;

/** The own end of a connection, and the other one: by who opened it. A server's own address is where it listens. */
function nearEnd(part: 'ip' | 'port'): EventValue {
  return endOf(`source_${part}`, `destination_${part}`, ['bind', 'listen']);
}
function farEnd(part: 'ip' | 'port'): EventValue {
  return endOf(`destination_${part}`, `source_${part}`, []);
}
function endOf(ofCaller: string, ofCalled: string, alsoCalled: readonly string[]): EventValue {
  const calls = [
    ...asCaller.map((action) => [action, column(ofCaller)] as const),
    ...[...asCalled, ...alsoCalled].map((action) => [action, column(ofCalled)] as const),
  ];
  return { chosenBy: column('event_action'), of: Object.fromEntries(calls) };
}

function bySocketCall(values: Readonly<Record<string, string>>): EventValue {
  return { table: column('event_action'), values };
}

const families = 'unix inet inet6 ax25 ipx netlink packet rds can bluetooth rxrpc alg vsock kcm xdp'.split(' ');

const sockets: Readonly<Record<string, EventValue>> = {
  'evt.type': eventType(
    { connect: 'connect', bind: 'bind', listen: 'listen', accept: 'accept', send: 'sendto', socket: 'socket' },
    column('syscall'),
  ),
  // A sensor may tell the argument itself.
  'evt.arg[domain]': {
    first: [
      member('domain'),
      { table: family, values: Object.fromEntries(families.map((name) => [name, `AF_${name.toUpperCase()}`])) },
    ],
  },
  'fd.name': column('socket_path'),
  'fd.cip': column('source_ip'),
  'fd.cport': column('source_port'),
  'fd.cnet': column('source_ip'),
  'fd.sip': column('destination_ip'),
  'fd.sport': column('destination_port'),
  'fd.snet': column('destination_ip'),
  'fd.lip': nearEnd('ip'),
  'fd.lport': nearEnd('port'),
  'fd.lnet': nearEnd('ip'),
  'fd.rip': farEnd('ip'),
  'fd.rport': farEnd('port'),
  'fd.rnet': farEnd('ip'),
  'fd.ip': { each: [column('source_ip'), column('destination_ip')] },
  'fd.net': { each: [column('source_ip'), column('destination_ip')] },
  'fd.port': { each: [column('source_port'), column('destination_port')] },
  'fd.l4proto': column('network_transport'),
  'fd.is_server': bySocketCall({ accept: 'true', listen: 'true', bind: 'true', connect: 'false', send: 'false' }),
  // What is sent with an address of its own is sent on a socket that is not connected, and names it anew.
  'fd.connected': bySocketCall({
    connect: 'true',
    accept: 'true',
    dup: 'true',
    send: 'false',
    receive: 'false',
    listen: 'false',
  }),
  'fd.name_changed': bySocketCall({
    connect: 'true',
    accept: 'true',
    send: 'true',
    receive: 'true',
    bind: 'true',
    dup: 'false',
  }),
  'fd.num': result,
  'fd.type': { table: family, values: { inet: 'ipv4', inet6: 'ipv6', unix: 'unix' } },
  'fd.typechar': { table: family, values: { inet: '4', inet6: '6', unix: 'u' } },
  'fd.sockfamily': { table: family, values: { inet: 'ip', inet6: 'ip', unix: 'unix' } },
};

/** Of an environment only these are told, and by the one sensor that looks at it: `proc.env` without an argument is those that are set. */
const toldVariables = [...loaderVariables, ...proxyVariables];

const processes: Readonly<Record<string, EventValue>> = {
  // Of shells that the sensor of process events saw start, when it is a connection.
  'proc.stdin.type': member('stdin.type'),
  'proc.stdin.name': member('stdin.name'),
  'proc.env': { assignments: member('env') },
  'proc.cmdnargs': { countBehindFirst: column('process_args') },
  ...Object.fromEntries(toldVariables.map((name) => [`proc.env[${name}]`, member(`env.${name}`)])),
  'evt.type': eventType({
    exec: 'execve',
    fork: 'clone',
    thread: 'clone',
    exit: 'procexit',
    setuid: 'setuid',
    ptrace: 'ptrace',
    namespace: 'setns',
    kill: 'kill',
    prctl: 'prctl',
  }),
};

const modules: Readonly<Record<string, EventValue>> = {
  'evt.type': eventType({ load: 'finit_module', unload: 'delete_module' }),
};

/** Kinds whose events are system calls, with what stands for each field. */
const mappings: Readonly<Partial<Record<KindId, Readonly<Record<string, EventValue>>>>> = {
  process: { ...actor, ...processes },
  file_access: { ...actor, ...files },
  socket: { ...actor, ...sockets },
  kernel_module: { ...actor, ...modules },
};

export const mappedKinds = Object.keys(mappings) as readonly KindId[];

/** What stands for a field in events of a kind; undefined when nothing does. Arguments of system calls are members. */
export function valueFor(kind: KindId, { name, argument }: FieldReference): EventValue | undefined {
  const mapping = mappings[kind];
  const key = argument === undefined ? name : `${name}[${argument}]`;
  if (mapping !== undefined && Object.hasOwn(mapping, key)) return mapping[key];
  if (mapping !== undefined && name === 'container.mount.dest' && argument !== undefined) {
    return { mountOf: member('container_mounts[]'), source: argument };
  }
  return name === 'evt.arg' && argument !== undefined && /^\w+$/.test(argument) ? member(argument) : undefined;
}

/** Columns that a value is made of; none for a constant. */
export function columnsOf(value: EventValue): readonly FieldReference[] {
  if ('ancestors' in value) return [value.parent, member('ancestors')];
  if ('name' in value) return [value];
  if ('constant' in value) return [];
  if ('chosenBy' in value) return [...new Map(Object.values(value.of).map((one) => [one.name, one])).values()];
  if ('first' in value) return value.first.some(isConstant) ? [] : value.first.flatMap(columnsOf);
  return Object.values(value)
    .flatMap((part: unknown) => (Array.isArray(part) ? part : [part]))
    .filter(isReference);
}

/** Columns that a value may be read from. */
export function readColumns(value: EventValue): readonly FieldReference[] {
  if ('chosenBy' in value) return [value.chosenBy, ...columnsOf(value)];
  return 'first' in value ? value.first.flatMap(readColumns) : columnsOf(value);
}

function isConstant(value: EventValue): boolean {
  return 'constant' in value;
}

function isReference(part: unknown): part is FieldReference {
  return typeof part === 'object' && part !== null && 'name' in part;
}

/** Bits above the permissions, and the words that audit logs have for them: `suid,0755`. */
export const modeWords: Readonly<Record<string, string>> = { suid: 'S_ISUID', sgid: 'S_ISGID', sticky: 'S_ISVTX' };

/** What Falco says of a mount that a container does not have. */
export const noMount = 'N/A';
