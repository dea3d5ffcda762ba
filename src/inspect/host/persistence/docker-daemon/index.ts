import type { FileTree } from '../../../tree/tree.ts';
import { filesAt, filesIn, readLines } from '../../locations.ts';
import { defineTechnique, type PersistenceItem, type Sign } from '../../technique.ts';

const settingFile = '/etc/docker/daemon.json';

export const technique = defineTechnique({
  id: 'docker-daemon',
  title: 'Doors of container engines',
  description:
    "The engine's API on TCP without verified clients, which is root for everybody who reaches it: in daemon.json, in the unit and its drop-ins, and in start options; and sockets of engines that anybody may write to.",
  places: [
    '/etc/docker/daemon.json',
    '/etc/default/docker',
    '/etc/systemd/system/docker.service.d/*',
    '/lib/systemd/system/docker.service',
    '/run/docker.sock',
    '/run/podman/podman.sock',
  ],
  attack: ['T1610'],
  guide: ['C07'],
  references: ['https://docs.docker.com/engine/daemon/remote-access/', 'https://attack.mitre.org/techniques/T1610/'],
  *find({ tree }) {
    yield* settings(tree);
    const units = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'].flatMap((root) => [
      root,
      `${root}/docker.service.d`,
      `${root}/docker.socket.d`,
      `${root}/podman.service.d`,
      `${root}/podman.socket.d`,
    ]);
    const files = [
      ...filesAt(tree, ['/etc/default/docker', '/etc/sysconfig/docker', '/etc/conf.d/docker']),
      ...filesIn(
        tree,
        units,
        (name, { path }) =>
          /^(?:docker|podman|dockerd)\.(?:service|socket)$/.test(name) || /\.(?:service|socket)\.d\//.test(path),
      ),
    ];
    for (const { path } of files) {
      const text = readLines(tree, path);
      const isSafe = /--tlsverify\b/.test(text);
      const far =
        /(?:-H|--host)[ =]"?(?<address>tcp:\/\/[^\s"]+)|^ListenStream=(?<stream>(?:\d{1,5}|[\d.[\]:a-f]+:\d{1,5}))$/m.exec(
          text,
        )?.groups;
      const address = far?.['address'] ?? far?.['stream'];
      if (address !== undefined && !isSafe) yield exposed(path, address, false);
    }
    for (const path of [
      '/run/docker.sock',
      '/run/podman/podman.sock',
      '/run/containerd/containerd.sock',
      '/run/crio/crio.sock',
    ]) {
      const entry = tree.lstat(path);
      if (entry?.type === 'socket' && (entry.mode & 0o002) !== 0) {
        yield {
          path,
          rule: 'socket',
          title: 'socket of a container engine',
          unowned: 0,
          isJudgedAnyway: true,
          signs: [{ what: 'lets every account become root', value: entry.mode.toString(8), weight: 0.9 }],
        };
      }
    }
  },
});

function* settings(tree: FileTree): Generator<PersistenceItem> {
  for (const { path } of filesAt(tree, [settingFile])) {
    const value = parsed(readLines(tree, path));
    const hosts = [value['hosts']].flat().filter((host) => typeof host === 'string');
    for (const host of hosts) {
      if (host.startsWith('tcp://') && value['tlsverify'] !== true) yield exposed(path, host, value['tls'] === true);
    }
    const signs: Sign[] = [];
    const registries = [value['insecure-registries']].flat().filter((name) => typeof name === 'string');
    if (registries.length > 0) {
      signs.push({ what: 'takes images without checking who sends them', value: registries.join(', '), weight: 0.25 });
    }
    const runtimes = Object.values(
      (value['runtimes'] ?? {}) as Record<string, { readonly path?: unknown } | undefined>,
    );
    const targets = runtimes.map((runtime) => runtime?.path).filter((target) => typeof target === 'string');
    if (signs.length > 0 || targets.length > 0) {
      yield { path, rule: 'settings', title: 'settings of the container engine', targets, unowned: 0.05, signs };
    }
  }
}

function exposed(path: string, address: string, isEncrypted: boolean): PersistenceItem {
  const isLocal = /^(?:tcp:\/\/)?(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?::|$)/.test(address);
  const what = isLocal ? 'gives root to everybody on this machine' : 'gives root to everybody who reaches it';
  const weight = isLocal ? 0.6 : 0.93;
  return {
    path,
    rule: 'daemon-exposed',
    title: 'API of the container engine',
    unowned: 0.05,
    isJudgedAnyway: true,
    addresses: [address],
    signs: [
      {
        what,
        value: address + (isEncrypted ? ', encrypted but without checking who asks' : ', without tlsverify'),
        weight,
      },
    ],
  };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
