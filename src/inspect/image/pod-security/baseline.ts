import type { Pod } from '../inputs/kubernetes/pod.ts';
import type { Cursor } from '../inputs/cursor.ts';
import { hasOwnUsers, settingsOf, type Control, type Minor, type Violation } from './control.ts';

/** Capabilities that the default set of container engines has: adding them takes nothing more. */
const defaultCapabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** Kernel settings that belong to the pod alone, with the version from which they are allowed. */
const safeSysctls: Readonly<Record<string, Minor>> = {
  'kernel.shm_rmid_forced': 0,
  'net.ipv4.ip_local_port_range': 0,
  'net.ipv4.tcp_syncookies': 0,
  'net.ipv4.ping_group_range': 0,
  'net.ipv4.ip_unprivileged_port_start': 0,
  'net.ipv4.ip_local_reserved_ports': 27,
  'net.ipv4.tcp_keepalive_time': 29,
  'net.ipv4.tcp_fin_timeout': 29,
  'net.ipv4.tcp_keepalive_intvl': 29,
  'net.ipv4.tcp_keepalive_probes': 29,
  'net.ipv4.tcp_rmem': 32,
  'net.ipv4.tcp_wmem': 32,
};

const appArmorAnnotation = 'container.apparmor.security.beta.kubernetes.io/';
const podSeccompAnnotation = 'seccomp.security.alpha.kubernetes.io/pod';
const containerSeccompAnnotation = 'container.seccomp.security.alpha.kubernetes.io/';

/** Controls of the level `baseline`, which keeps known ways of taking over the node shut. */
export const baselineControls: readonly Control[] = [
  {
    id: 'windowsHostProcess',
    level: 'baseline',
    title: 'host processes of Windows',
    since: 0,
    violations: (pod) => set(settingsOf(pod, 'windowsOptions', 'hostProcess'), 'runs as a process of the host'),
  },
  {
    id: 'hostNamespaces',
    level: 'baseline',
    title: "the host's namespaces",
    since: 0,
    violations: (pod) =>
      ['hostNetwork', 'hostPID', 'hostIPC'].flatMap((key) => set([pod.spec.get(key)], `sets ${key}`)),
  },
  {
    id: 'privileged',
    level: 'baseline',
    title: 'privileged containers',
    since: 0,
    violations: (pod) => set(settingsOf(pod, 'privileged'), 'is privileged'),
  },
  {
    id: 'capabilities_baseline',
    level: 'baseline',
    title: 'capabilities past the default ones',
    since: 0,
    violations: (pod) =>
      settingsOf(pod, 'capabilities', 'add')
        .flatMap((added) => added.texts())
        .filter(({ value }) => !defaultCapabilities.has(value))
        .map(({ value, at }) => ({ at, what: `adds the capability ${value}` })),
  },
  {
    id: 'hostPathVolumes',
    level: 'baseline',
    title: 'files of the host',
    since: 0,
    violations: (pod) =>
      there(
        pod.spec
          .get('volumes')
          .items()
          .map((volume) => volume.get('hostPath')),
        (path) => `mounts ${path.get('path').text() ?? 'a path'} of the host`,
      ),
  },
  {
    id: 'hostPorts',
    level: 'baseline',
    title: "the host's ports",
    since: 0,
    violations: (pod) =>
      pod.containers
        .flatMap(({ cursor }) => cursor.get('ports').items())
        .map((port) => port.get('hostPort'))
        .filter((port) => (port.number() ?? 0) !== 0)
        .map((port) => ({ at: port.place, what: `takes port ${port.text() ?? ''} of the host` })),
  },
  {
    id: 'hostProbesAndHostLifecycle',
    level: 'baseline',
    title: 'probes of other hosts',
    since: 34,
    violations: (pod) => there(probedHosts(pod), (host) => `probes the host ${host.text() ?? ''}`),
  },
  {
    id: 'appArmorProfile',
    level: 'baseline',
    title: 'no AppArmor',
    since: 0,
    violations: (pod) => [
      ...unlike(settingsOf(pod, 'appArmorProfile', 'type'), ['RuntimeDefault', 'Localhost'], 'AppArmor profile'),
      ...annotationsUnlike(pod, appArmorAnnotation, /^(?:runtime\/default|localhost\/.*)?$/, 'AppArmor profile'),
    ],
  },
  {
    id: 'seLinuxOptions',
    level: 'baseline',
    title: 'SELinux labels of its own',
    since: 0,
    violations: (pod, minor) => [
      ...unlike(
        settingsOf(pod, 'seLinuxOptions', 'type'),
        ['', 'container_t', 'container_init_t', 'container_kvm_t', ...(minor >= 31 ? ['container_engine_t'] : [])],
        'SELinux type',
      ),
      ...unlike(settingsOf(pod, 'seLinuxOptions', 'user'), [''], 'SELinux user'),
      ...unlike(settingsOf(pod, 'seLinuxOptions', 'role'), [''], 'SELinux role'),
    ],
  },
  {
    id: 'procMount',
    level: 'baseline',
    title: 'unmasked /proc',
    since: 0,
    violations: (pod, minor) =>
      minor >= 35 && hasOwnUsers(pod) ? [] : unlike(settingsOf(pod, 'procMount'), ['', 'Default'], 'procMount'),
  },
  {
    id: 'seccompProfile_baseline',
    level: 'baseline',
    title: 'no seccomp',
    since: 0,
    violations: (pod, minor) =>
      minor >= 19
        ? unlike(settingsOf(pod, 'seccompProfile', 'type'), ['RuntimeDefault', 'Localhost'], 'seccomp profile')
        : [podSeccompAnnotation, containerSeccompAnnotation].flatMap((prefix) =>
            annotationsUnlike(pod, prefix, /^(?:(?:runtime|docker)\/default|localhost\/.*)?$/, 'seccomp profile'),
          ),
  },
  {
    id: 'sysctls',
    level: 'baseline',
    title: 'kernel settings of the host',
    since: 0,
    violations: (pod, minor) =>
      pod.spec
        .get('securityContext', 'sysctls')
        .items()
        .filter((sysctl) => (safeSysctls[sysctl.get('name').text() ?? ''] ?? Infinity) > minor)
        .map((sysctl) => ({ at: sysctl.place, what: `sets ${sysctl.get('name').text() ?? 'a kernel setting'}` })),
  },
];

/** A violation for each flag that is set. */
function set(flags: readonly Cursor[], what: string): Violation[] {
  return flags.filter((flag) => flag.flag() === true).map(({ place }) => ({ at: place, what }));
}

function there(cursors: readonly Cursor[], what: (cursor: Cursor) => string): Violation[] {
  return cursors.filter(({ isThere }) => isThere).map((cursor) => ({ at: cursor.place, what: what(cursor) }));
}

/** A violation for each text that is none of those allowed. */
function unlike(cursors: readonly Cursor[], allowed: readonly string[], what: string): Violation[] {
  return cursors
    .filter((cursor) => !allowed.includes(cursor.text() ?? ''))
    .map((cursor) => ({ at: cursor.place, what: `sets the ${what} ${cursor.text() ?? ''}` }));
}

function annotationsUnlike(pod: Pod, prefix: string, allowed: RegExp, what: string): Violation[] {
  return pod.annotations
    .entries()
    .filter(([name, value]) => name.startsWith(prefix) && !allowed.test(value.text() ?? ''))
    .map(([, value]) => ({ at: value.place, what: `sets the ${what} ${value.text() ?? ''}` }));
}

function probedHosts(pod: Pod): Cursor[] {
  return pod.containers.flatMap(({ cursor }) =>
    [
      ...['livenessProbe', 'readinessProbe', 'startupProbe'].map((probe) => cursor.get(probe)),
      ...['postStart', 'preStop'].map((hook) => cursor.get('lifecycle', hook)),
    ]
      .flatMap((handler) => [handler.get('httpGet', 'host'), handler.get('tcpSocket', 'host')])
      .filter((host) => (host.text() ?? '') !== ''),
  );
}
