import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf, VakthundError } from '../../../base/errors.ts';
import { parseContainerdConfig, parseHostsToml } from '../../../inspect/image/readers/registry/containerd-hosts.ts';
import {
  parseDockerMirrors,
  parseMirror,
  parseRegistriesConf,
  type RegistryRule,
} from '../../../inspect/image/readers/registry/places.ts';

const systemFolder = '/etc/containers';
const dockerFile = '/etc/docker/daemon.json';
const containerdFile = '/etc/containerd/config.toml';
/** Where containerd's own documentation and nerdctl look. */
const containerdFolder = '/etc/containerd/certs.d';

/**
 * Which places are asked for what registries hold: the mirrors that were typed, then what podman, docker and containerd are told on this machine (the user's
 * `registries.conf` or the system's, the files of `registries.conf.d` over it, `daemon.json`, and `hosts.toml` of each registry). A file that is not for
 * this user says nothing; throws `CONFIG` for one that cannot be understood.
 */
export function registryRules(typed: readonly string[]): RegistryRule[] {
  const own = join(homedir(), '.config', 'containers', 'registries.conf');
  const named = process.env['CONTAINERS_REGISTRIES_CONF'];
  const base = named ?? (existsSync(own) ? own : join(systemFolder, 'registries.conf'));
  const files = [...(named === undefined ? dropIns() : []), base];
  return [
    ...typed.map(parseMirror),
    ...files.flatMap((file) => rulesOf(file, parseRegistriesConf)),
    ...rulesOf(dockerFile, (text) => parseDockerMirrors(JSON.parse(text))),
    ...containerdRules(),
  ];
}

function containerdRules(): RegistryRule[] {
  const folders: string[] = [];
  const inFile = rulesOf(containerdFile, (text) => {
    const { rules, folders: named } = parseContainerdConfig(text);
    folders.push(...named);
    return [...rules];
  });
  return [...(folders.length === 0 ? [containerdFolder] : folders).flatMap(hostRules), ...inFile];
}

/** `FOLDER/REGISTRY/hosts.toml`. */
function hostRules(folder: string): RegistryRule[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).sort();
  return names.flatMap((name) => rulesOf(join(folder, name, 'hosts.toml'), (text) => [parseHostsToml(text, name)]));
}

/** The last name is read last by podman, and counts. */
function dropIns(): string[] {
  const folder = join(systemFolder, 'registries.conf.d');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.conf'));
  return names
    .sort()
    .reverse()
    .map((name) => join(folder, name));
}

function rulesOf(path: string, parse: (text: string) => RegistryRule[]): RegistryRule[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  try {
    return parse(text);
  } catch (cause) {
    throw new VakthundError('CONFIG', `the mirrors in "${path}" cannot be read: ${messageOf(cause)}`, { cause });
  }
}
