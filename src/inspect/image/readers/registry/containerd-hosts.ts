import { asList, asObject, asText } from '../../../packages/json.ts';
import { parseToml } from '../../../packages/toml.ts';
import type { Place, RegistryRule } from './places.ts';

/** Keys of containerd's configuration that have the registries, by its versions 2 and 3. */
const registrySections = ['io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.images'];

/** Docker Hub answers under a name that no image has. */
const hubHost = 'registry-1.docker.io';

/** What containerd's own file says of registries. */
export interface ContainerdRegistries {
  /** Folders with one folder for each registry; empty where none is named. */
  readonly folders: readonly string[];
  /** Mirrors that stand in the file itself, as older versions have them. */
  readonly rules: readonly RegistryRule[];
}

/** The registries of `config.toml` of containerd. Throws when it is no TOML. */
export function parseContainerdConfig(text: string): ContainerdRegistries {
  const plugins = asObject(parseToml(text)['plugins']);
  const sections = registrySections.map((name) => asObject(asObject(plugins[name])['registry']));
  const rules = sections.flatMap((registry) =>
    Object.entries(asObject(registry['mirrors'])).map(([name, mirror]): RegistryRule => {
      const endpoints = asList(asObject(mirror)['endpoint']);
      const places = endpoints.flatMap((endpoint) => placeOf(asText(endpoint) ?? '', {}) ?? []);
      return { prefix: name === '*' ? '' : name, mirrors: places, isBlocked: false };
    }),
  );
  const folders = sections.flatMap((registry) => (asText(registry['config_path']) ?? '').split(':'));
  return { folders: folders.filter((folder) => folder !== ''), rules };
}

/**
 * Mirrors of one registry out of containerd's `hosts.toml` (containerd, docs/hosts.md). `folder` is the name of its folder: the registry with `:` or
 * `_` before a port, or `_default` for all that have no folder. Throws when it is no TOML.
 */
export function parseHostsToml(text: string, folder: string): RegistryRule {
  const { server, host } = parseToml(text);
  const prefix = folder === '_default' ? '' : folder.replace(/_(?<port>\d{1,5})_?$/, ':$<port>');
  const mirrors = Object.entries(asObject(host)).flatMap(
    ([address, settings]) => placeOf(address, asObject(settings)) ?? [],
  );
  const own = placeOf(asText(server) ?? '', {});
  // The usual word for Docker Hub, which is asked there anyway.
  const isElsewhere = own !== undefined && own.location !== hubHost;
  return { prefix, mirrors, ...(isElsewhere ? { location: own } : {}), isBlocked: false };
}

/** Undefined for what is no address, and for a host that nothing is fetched from. */
function placeOf(address: string, settings: Readonly<Record<string, unknown>>): Place | undefined {
  const text = address.includes('://') ? address : `https://${address}`;
  if (address === '' || !URL.canParse(text)) return undefined;
  const { protocol, host, pathname } = new URL(text);
  const capabilities = settings['capabilities'] === undefined ? ['pull', 'resolve'] : asList(settings['capabilities']);
  if (!capabilities.includes('pull')) return undefined;
  const path = pathname.replace(/\/+$/, '');
  // With `override_path` the path is that of the interface itself, whose `/v2` every question begins with.
  const isWhole = settings['override_path'] === true;
  const repository = isWhole ? path.replace(/^\/v2(?=\/|$)/, '') : '';
  const basePath = isWhole ? '' : path.replace(/\/v2$/, '');
  return {
    location: `${host}${repository}`,
    isInsecure: protocol === 'http:' || settings['skip_verify'] === true,
    serves: capabilities.includes('resolve') ? 'all' : 'digest-only',
    manner: mannerOf(basePath, settings),
  };
}

function mannerOf(basePath: string, settings: Readonly<Record<string, unknown>>): NonNullable<Place['manner']> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(asObject(settings['header']))) {
    const text = (Array.isArray(value) ? value : [value]).map((one) => asText(one) ?? '').join(', ');
    if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && !/[\r\n\0]/.test(text)) headers[name] = text;
  }
  return {
    ...(basePath === '' ? {} : { basePath }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}
