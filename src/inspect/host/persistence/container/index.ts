import { childOf, nameOf, type FileTree } from '../../../tree/tree.ts';
import { foldersIn, readText } from '../../locations.ts';
import { defineTechnique, type PersistenceItem, type Sign } from '../../technique.ts';

const root = '/var/lib/docker/containers';
/** Folders of the host whose content is the host. */
const wholeHost =
  /^\/(?:$|etc$|root(?:\/|$)|proc$|sys$|dev$|boot$|lib\/modules$|var\/run$|run$|home$|usr$|var$|var\/spool\/cron|etc\/(?:cron|systemd|pam\.d|ssh|sudoers))/;
const engineSocket = /\/(?:docker|podman|containerd|crio)\.sock$/;
const strongCapabilities = /^(?:CAP_)?(?:ALL|SYS_ADMIN|SYS_MODULE|SYS_PTRACE|SYS_RAWIO|DAC_READ_SEARCH|BPF|NET_ADMIN)$/;

export const technique = defineTechnique({
  id: 'container',
  title: 'Containers that are root on the host',
  description:
    'Stored containers of Docker that are privileged, share namespaces with the host, mount its folders or the socket of an engine, or run without confinement; a restart policy makes them come back. And traces of an escape: a release agent in cgroup v1.',
  places: ['/var/lib/docker/containers/*/{config.v2,hostconfig}.json', '/sys/fs/cgroup/**/release_agent'],
  attack: ['T1610', 'T1611'],
  guide: ['C04', 'C09'],
  references: ['https://attack.mitre.org/techniques/T1611/'],
  *find({ tree, live }) {
    for (const { path } of foldersIn(tree, root)) yield* containerAt(tree, path);
    if (live === undefined) return;
    for (const { path } of foldersIn(tree, '/sys/fs/cgroup')) {
      const agent = readText(tree, childOf(path, 'release_agent')).trim();
      // systemd's own, where cgroup v1 is still mounted.
      if (agent === '' || agent.endsWith('/systemd-cgroups-agent')) continue;
      yield {
        path: childOf(path, 'release_agent'),
        rule: 'release-agent',
        title: 'program that an empty cgroup starts',
        targets: [agent],
        unowned: 0,
        isJudgedAnyway: true,
        attack: ['T1611'],
        signs: [{ what: 'is started by the kernel as root on the host', value: agent, weight: 0.75 }],
      };
    }
  },
});

interface HostConfig {
  readonly Privileged?: unknown;
  readonly PidMode?: unknown;
  readonly NetworkMode?: unknown;
  readonly IpcMode?: unknown;
  readonly UsernsMode?: unknown;
  readonly Binds?: unknown;
  readonly CapAdd?: unknown;
  readonly SecurityOpt?: unknown;
  readonly RestartPolicy?: { readonly Name?: unknown } | null;
}

function* containerAt(tree: FileTree, folder: string): Generator<PersistenceItem> {
  const path = childOf(folder, 'hostconfig.json');
  const host = parsed(readText(tree, path)) as HostConfig;
  const config = parsed(readText(tree, childOf(folder, 'config.v2.json'))) as {
    readonly Name?: unknown;
    readonly Path?: unknown;
    readonly Args?: unknown;
  };
  const signs = [...modeSigns(host), ...listSigns(host)];
  if (signs.length === 0) return;
  const restart = textOf(host.RestartPolicy?.Name);
  if (restart === 'always' || restart === 'unless-stopped') {
    signs.push({ what: 'comes back by itself', value: `restart ${restart}`, weight: 0.1 });
  }
  const command = [textOf(config.Path), ...texts(config.Args)].filter((word) => word !== '').join(' ');
  const name = textOf(config.Name).replace(/^\//, '') || nameOf(folder).slice(0, 12);
  yield {
    path,
    title: `container ${name}`,
    unowned: 0,
    isJudgedAnyway: true,
    ...(command === '' ? {} : { runs: command }),
    signs,
  };
}

function modeSigns(host: HostConfig): Sign[] {
  const signs: Sign[] = [];
  if (host.Privileged === true) signs.push({ what: 'is privileged', value: 'Privileged', weight: 0.5 });
  const shared = (
    [
      ['PidMode', host.PidMode],
      ['IpcMode', host.IpcMode],
      ['UsernsMode', host.UsernsMode],
    ] as const
  ).filter(([, mode]) => mode === 'host');
  for (const [what] of shared) {
    signs.push({ what: 'shares a namespace with the host', value: what, weight: what === 'PidMode' ? 0.35 : 0.1 });
  }
  if (host.NetworkMode === 'host' && signs.length > 0) {
    signs.push({ what: 'shares a namespace with the host', value: 'NetworkMode', weight: 0.1 });
  }
  return signs;
}

function listSigns(host: HostConfig): Sign[] {
  const signs: Sign[] = [];
  for (const bind of texts(host.Binds)) {
    const source = bind.split(':')[0] ?? '';
    const isReadOnly = /:(?:[^:]*,)?ro(?:,|$)/.test(bind);
    if (engineSocket.test(source)) signs.push({ what: 'holds the socket of the engine', value: bind, weight: 0.5 });
    else if (wholeHost.test(source)) {
      signs.push({ what: 'holds folders of the host', value: bind, weight: isReadOnly ? 0.2 : 0.5 });
    }
  }
  for (const capability of texts(host.CapAdd)) {
    if (strongCapabilities.test(capability)) {
      signs.push({ what: 'has more rights than others', value: capability, weight: 0.3 });
    }
  }
  for (const option of texts(host.SecurityOpt)) {
    if (/unconfined|disable/.test(option)) signs.push({ what: 'is not confined', value: option, weight: 0.25 });
  }
  return signs;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string').slice(0, 1000) : [];
}

function parsed(text: string): unknown {
  try {
    return (JSON.parse(text) as unknown) ?? {};
  } catch {
    return {};
  }
}
