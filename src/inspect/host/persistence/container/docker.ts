import { childOf, nameOf, type FileTree } from '../../../tree/tree.ts';
import { foldersIn, readText } from '../../locations.ts';
import type { PersistenceItem } from '../../technique.ts';
import { accessItem } from './access.ts';

const root = '/var/lib/docker/containers';

interface HostConfig {
  readonly Privileged?: unknown;
  readonly PidMode?: unknown;
  readonly NetworkMode?: unknown;
  readonly IpcMode?: unknown;
  readonly UsernsMode?: unknown;
  readonly Binds?: unknown;
  readonly Mounts?: unknown;
  readonly CapAdd?: unknown;
  readonly SecurityOpt?: unknown;
  readonly RestartPolicy?: { readonly Name?: unknown } | null;
}

/** Stored containers of Docker that reach their host. */
export function* dockerItems(tree: FileTree): Generator<PersistenceItem> {
  for (const { path } of foldersIn(tree, root)) {
    const item = containerAt(tree, path);
    if (item !== undefined) yield item;
  }
}

function containerAt(tree: FileTree, folder: string): PersistenceItem | undefined {
  const path = childOf(folder, 'hostconfig.json');
  const host = parsed(readText(tree, path)) as HostConfig;
  const config = parsed(readText(tree, childOf(folder, 'config.v2.json'))) as {
    readonly Name?: unknown;
    readonly Path?: unknown;
    readonly Args?: unknown;
  };
  const modes = { pid: host.PidMode, ipc: host.IpcMode, userns: host.UsernsMode, network: host.NetworkMode };
  const command = [textOf(config.Path), ...texts(config.Args)].filter((word) => word !== '').join(' ');
  const name = textOf(config.Name).replace(/^\//, '') || nameOf(folder).slice(0, 12);
  const access = {
    isPrivileged: host.Privileged === true,
    namespaces: Object.entries(modes).flatMap(([key, mode]) => (mode === 'host' ? [key] : [])),
    binds: [...texts(host.Binds), ...mountsOf(host.Mounts)],
    capabilities: texts(host.CapAdd),
    restart: textOf(host.RestartPolicy?.Name),
    options: texts(host.SecurityOpt),
  };
  return accessItem(path, `container ${name}`, access, command);
}

/** What `--mount type=bind` left, in the form of `Binds`. */
function mountsOf(value: unknown): string[] {
  return (Array.isArray(value) ? (value as unknown[]).slice(0, 1000) : []).flatMap((mount) => {
    const { Type, Source, Target, ReadOnly } = (mount ?? {}) as Readonly<Record<string, unknown>>;
    if (Type !== 'bind' || typeof Source !== 'string') return [];
    return [`${Source}:${textOf(Target)}${ReadOnly === true ? ':ro' : ''}`];
  });
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
