import type { Severity } from '../../../../events/finding.ts';

/** Sockets that rule an engine, in the places where they stand; `/var/run` is `/run`. */
const engineSockets =
  /^\/(?:var\/)?run\/(?:(?:user\/\d+\/)?(?:docker\.sock|podman\/podman\.sock)|docker|podman|containerd(?:\/containerd\.sock)?|crio(?:\/crio\.sock)?|cri-dockerd\.sock|dockershim\.sock|k3s\/containerd\/containerd\.sock|balena-engine\.sock|lxd\.socket|buildkit\/buildkitd\.sock)\/?$/;

/** Whether a path of the host is an engine's socket, or the folder that holds it. */
export function isEngineSocket(path: string): boolean {
  return engineSockets.test(normal(path)) || /(?:^|\/)(?:docker|podman|containerd|crio)\.sock$/.test(path);
}

/** What stands behind a path of the host, and how bad it is to give it away: to write, and to read. */
type Place = readonly [path: string, write: Severity, read: Severity, what: string];

const places: readonly Place[] = [
  ['/', 'critical', 'high', 'the whole host'],
  ['/etc', 'critical', 'high', 'accounts, password hashes and settings of the host'],
  ['/root', 'critical', 'high', 'the files of root'],
  ['/home', 'high', 'medium', 'the files of all users'],
  ['/boot', 'critical', 'medium', 'the kernel and its start'],
  ['/dev', 'critical', 'high', 'the devices of the host'],
  ['/proc', 'critical', 'high', 'the processes and the kernel of the host'],
  ['/sys', 'critical', 'medium', 'the kernel of the host'],
  ['/lib', 'critical', 'medium', 'programs and libraries of the host'],
  ['/usr', 'critical', 'medium', 'programs and libraries of the host'],
  ['/bin', 'critical', 'medium', 'programs of the host'],
  ['/sbin', 'critical', 'medium', 'programs of the host'],
  ['/opt', 'high', 'low', 'programs of the host'],
  ...['/run', '/var/run'].flatMap((run) =>
    ['dbus', 'systemd', 'udev', 'user', 'secrets', 'credentials', 'k3s', 'kubernetes', 'libvirt', 'runc', 'lock'].map(
      (name): Place => [`${run}/${name}`, 'critical', 'high', 'sockets and secrets of the host'],
    ),
  ),
  ['/run', 'critical', 'high', 'sockets of the host'],
  ['/var/run', 'critical', 'high', 'sockets of the host'],
  ['/var/lib/docker', 'critical', 'high', 'all images and containers'],
  ['/var/lib/containerd', 'critical', 'high', 'all images and containers'],
  ['/var/lib/containers', 'critical', 'high', 'all images and containers'],
  ['/var/lib/kubelet', 'critical', 'high', 'secrets of all pods of the node'],
  ['/var/lib/etcd', 'critical', 'critical', 'all secrets of the cluster'],
  ['/var/log', 'high', 'medium', 'the logs of the host'],
  ['/var/spool/cron', 'critical', 'low', 'what the host runs by the clock'],
  ['/var/lib', 'high', 'medium', 'the state of all services'],
  ['/var/tmp', 'medium', 'low', 'files in passing of all programs of the host'],
  ['/var', 'high', 'medium', 'the state of all services'],
  ['/tmp', 'medium', 'low', 'files in passing of all programs of the host, their sockets among them'],
];

export interface HostPlace {
  readonly what: string;
  readonly severity: Severity;
}

/** What a mount of this path of the host gives away; undefined for places that hold nothing of the system. */
export function hostPlace(path: string, isReadOnly: boolean): HostPlace | undefined {
  const at = normal(path);
  const place =
    places.find(([root]) => at === root) ?? places.find(([root]) => root !== '/' && at.startsWith(`${root}/`));
  if (place === undefined || harmless.has(at)) return undefined;
  const [root] = place;
  // A service keeps its own sockets in a folder of its own there.
  if ((root === '/run' || root === '/var/run') && at !== root) {
    return { what: 'what a service of the host keeps while it runs', severity: isReadOnly ? 'low' : 'medium' };
  }
  const [, write, read, what] = place;
  return { what, severity: isReadOnly ? read : write };
}

/** Single files that are mounted into half of all containers, and say nothing. */
const harmless = new Set([
  '/etc/localtime',
  '/etc/timezone',
  '/etc/hostname',
  '/etc/resolv.conf',
  '/etc/hosts',
  '/dev/null',
  '/dev/urandom',
]);

function normal(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return `/${parts.join('/')}`;
}
