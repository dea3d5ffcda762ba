import { allOf, anyOf, fieldSubject, not, type Condition, type TextTest } from '../../src/match/condition/condition.ts';
import type { StreamResolver } from '../../src/match/condition/resolver.ts';
import { Random } from '../../tests/fuzz/random.ts';

/** A system call as a live sensor hands it over. */
export interface Syscall {
  readonly type: string;
  readonly processName: string;
  readonly parentName: string;
  readonly commandLine: string;
  readonly executable: string;
  readonly ancestors: readonly string[];
  readonly file: string | null;
  readonly directory: string | null;
  readonly flags: string | null;
  readonly result: number;
  readonly user: string;
  readonly container: string;
  readonly image: string | null;
  readonly terminal: number;
  readonly port: number | null;
  readonly address: string | null;
}

export const syscallFields: StreamResolver<Syscall> = {
  field: ({ name }) => {
    const field = fields[name];
    return field ?? { absent: `${name} is not recorded` };
  },
  allFields: () => ({ absent: 'system calls have no text of their own' }),
};

const fields: Readonly<Record<string, ReturnType<StreamResolver<Syscall>['field']>>> = {
  'evt.type': { type: 'text', get: (call) => call.type },
  'evt.rawres': { type: 'number', get: (call) => call.result },
  'evt.arg.flags': { type: 'text', get: (call) => call.flags },
  'proc.name': { type: 'text', get: (call) => call.processName },
  'proc.pname': { type: 'text', get: (call) => call.parentName },
  'proc.cmdline': { type: 'text', get: (call) => call.commandLine },
  'proc.exepath': { type: 'text', get: (call) => call.executable },
  'proc.aname': { type: 'list', get: (call) => call.ancestors },
  'proc.tty': { type: 'number', get: (call) => call.terminal },
  'fd.name': { type: 'text', get: (call) => call.file },
  'fd.directory': { type: 'text', get: (call) => call.directory },
  'fd.sport': { type: 'number', get: (call) => call.port },
  'fd.sip': { type: 'text', get: (call) => call.address },
  'user.name': { type: 'text', get: (call) => call.user },
  'container.id': { type: 'text', get: (call) => call.container },
  'container.image.repository': { type: 'text', get: (call) => call.image },
};

const shells = ['ash', 'bash', 'csh', 'ksh', 'sh', 'tcsh', 'zsh', 'dash'];
const network = ['nc', 'ncat', 'socat', 'curl', 'wget', 'telnet', 'nmap', 'dig', 'tcpdump'];
const servers = [
  'nginx',
  'httpd',
  'apache2',
  'lighttpd',
  'mysqld',
  'postgres',
  'redis-server',
  'mongod',
  'node',
  'java',
];
const packages = ['dpkg', 'rpm', 'apt', 'apt-get', 'yum', 'dnf', 'apk', 'pip', 'npm'];
const busy = [
  'systemd',
  'containerd',
  'dockerd',
  'kubelet',
  'sshd',
  'cron',
  'python3',
  'prometheus',
  'cat',
  'ls',
  'grep',
  'sed',
];
const directories = [
  '/usr/lib',
  '/var/lib/docker',
  '/proc/self',
  '/sys/fs/cgroup',
  '/etc',
  '/tmp',
  '/home/app',
  '/dev',
  '/usr/bin',
  '/root/.ssh',
];
const types = [
  'openat',
  'openat',
  'openat',
  'openat',
  'read',
  'close',
  'connect',
  'execve',
  'sendto',
  'recvfrom',
  'unlinkat',
  'renameat',
  'setuid',
  'ptrace',
  'socket',
  'dup2',
  'open',
  'mkdirat',
  'symlinkat',
  'chmod',
];

function one<T>(draw: Random, list: readonly [T, ...T[]] | readonly T[]): T {
  const value = list[draw.below(list.length)];
  if (value === undefined) throw new Error('nothing to draw from');
  return value;
}

/** The same events for the same count on every machine. */
export function makeSyscalls(count: number): Syscall[] {
  const draw = new Random(7);
  const names = [...busy, ...busy, ...servers, ...shells, ...network, ...packages];
  return Array.from({ length: count }, (): Syscall => {
    const type = one(draw, types);
    const processName = one(draw, names);
    const directory = one(draw, directories);
    const isFile = /open|link|rename|mkdir|chmod/.test(type);
    const isNetwork = /connect|send|recv|socket/.test(type);
    const isContainer = draw.below(2) === 0;
    return {
      type,
      processName,
      parentName: one(draw, names),
      commandLine: `${processName} --config ${one(draw, directories)}/${draw.below(5000)} -v ${draw.below(100)}`,
      executable: `/usr/bin/${processName}`,
      ancestors: [one(draw, names), one(draw, names), 'systemd'],
      file: isFile ? `${directory}/file${draw.below(20_000)}.conf` : null,
      directory: isFile ? directory : null,
      flags: isFile ? one(draw, ['O_RDONLY|O_CLOEXEC', 'O_RDONLY', 'O_WRONLY|O_CREAT', 'O_RDWR']) : null,
      result: draw.below(10) === 0 ? -2 : draw.below(200),
      user: one(draw, ['root', 'app', 'www-data', 'nobody']),
      container: isContainer ? `c${draw.below(40)}` : 'host',
      image: isContainer ? one(draw, ['docker.io/library/nginx', 'quay.io/app/api', 'registry.k8s.io/pause']) : null,
      terminal: draw.below(8) === 0 ? 34_816 : 0,
      port: isNetwork ? one(draw, [443, 53, 80, 22, 8080, 3333, 6379]) : null,
      address: isNetwork ? `10.${draw.below(256)}.${draw.below(256)}.${draw.below(256)}` : null,
    };
  });
}

function text(name: string, operator: TextTest['operator'], values: readonly string[]): Condition {
  return { kind: 'text', subject: fieldSubject(name), operator, values, ignoreCase: false };
}
const is = (name: string, ...values: string[]): Condition => text(name, 'equals', values);
const order = (name: string, operator: '>' | '>=' | '=', value: number): Condition => ({
  kind: 'number',
  subject: fieldSubject(name),
  operator,
  values: [value],
});

const openRead = allOf([
  is('evt.type', 'open', 'openat', 'openat2'),
  anyOf([text('evt.arg.flags', 'contains', ['O_RDONLY']), text('evt.arg.flags', 'contains', ['O_RDWR'])]),
  order('evt.rawres', '>=', 0),
]);
const openWrite = allOf([
  is('evt.type', 'open', 'openat', 'openat2'),
  text('evt.arg.flags', 'contains', ['O_WRONLY', 'O_RDWR']),
  order('evt.rawres', '>=', 0),
]);
const spawned = is('evt.type', 'execve', 'execveat');
const modified = is('evt.type', 'rename', 'renameat', 'renameat2', 'unlink', 'unlinkat', 'rmdir');
const outbound = allOf([
  is('evt.type', 'connect', 'sendto', 'sendmsg'),
  { kind: 'exists', subject: fieldSubject('fd.sip') },
  not(text('fd.sip', 'startsWith', ['127.'])),
]);
const container = allOf([{ kind: 'exists', subject: fieldSubject('container.id') }, not(is('container.id', 'host'))]);
const bases = [
  openRead,
  openWrite,
  spawned,
  modified,
  outbound,
  is('evt.type', 'setuid'),
  is('evt.type', 'ptrace'),
  is('evt.type', 'dup', 'dup2', 'dup3'),
  is('evt.type', 'chmod', 'fchmod', 'fchmodat'),
  is('evt.type', 'symlink', 'symlinkat', 'link', 'linkat'),
] as const;

/** Rules in the manner of Falco's own: an event type, macros that many share, lists of names, paths, exceptions. */
export function makeRules(count: number): Condition[] {
  const draw = new Random(11);
  const some = (list: readonly string[]): string[] => list.filter(() => draw.below(3) > 0).concat(list[0] ?? '');
  const subjects: (() => Condition)[] = [
    () => is('proc.name', ...some(one(draw, [shells, network, servers, packages]))),
    () => text('fd.name', 'startsWith', [one(draw, directories), `/opt/data${draw.below(50)}`]),
    () => is('fd.name', '/etc/shadow', '/etc/sudoers', `/etc/pam.d/${draw.below(40)}`),
    () =>
      text('proc.cmdline', 'contains', [
        one(draw, ['/dev/tcp', 'base64 -d', '-e /bin/sh', 'xmrig', `--secret${draw.below(30)}`]),
      ]),
    () =>
      anyOf([
        text('fd.name', 'endsWith', ['.ssh/authorized_keys', '.bashrc']),
        { kind: 'path', subject: fieldSubject('fd.name'), prefixes: [[['root']], [['dev'], ['shm']]] },
      ]),
    () => ({
      kind: 'text',
      subject: fieldSubject('proc.aname'),
      operator: 'equals',
      values: some(servers),
      ignoreCase: false,
    }),
    () => order('fd.sport', '=', one(draw, [3333, 4444, 5555, 14_444])),
    () => {
      const glob = ['/var/log/', { kind: 'many' } as const, `${draw.below(30)}.log`];
      return { kind: 'glob', subject: fieldSubject('fd.name'), patterns: [glob], ignoreCase: false };
    },
  ];
  const exceptions: (() => Condition)[] = [
    () => not(is('proc.name', ...some(busy))),
    () => not(is('proc.pname', ...some([...busy, ...servers]))),
    () => not(text('proc.exepath', 'startsWith', ['/usr/lib/systemd', '/opt/agent'])),
    () => not(allOf([is('user.name', 'root'), text('proc.cmdline', 'startsWith', [`agent ${draw.below(50)}`])])),
    () => not(text('container.image.repository', 'endsWith', ['/falco', '/sysdig', `/agent${draw.below(30)}`])),
  ];
  return Array.from({ length: count }, () => {
    const parts: Condition[] = [one(draw, bases)];
    if (draw.below(2) === 0) parts.push(container);
    if (draw.below(5) === 0) parts.push(not(order('proc.tty', '=', 0)));
    for (let left = 1 + draw.below(3); left > 0; left--) parts.push(one(draw, subjects)());
    for (let left = draw.below(4); left > 0; left--) parts.push(one(draw, exceptions)());
    return allOf(parts);
  });
}
