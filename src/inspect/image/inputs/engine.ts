import type { Located, Place } from './place.ts';

/** A container engine and its host, as far as captures tell. What is absent was not said anywhere; the engine's default counts. */
export interface Engine {
  readonly at: Place;
  /** Its settings were seen (daemon.json, its flags): what is absent has its default value. */
  readonly isConfigured: boolean;
  /** Addresses of the API: `tcp://0.0.0.0:2375`, `unix:///var/run/docker.sock`, from settings and from sockets that listen. */
  readonly apiAddresses: readonly ApiAddress[];
  readonly tlsVerify?: Located<boolean> | undefined;
  readonly interContainer?: Located<boolean> | undefined;
  readonly liveRestore?: Located<boolean> | undefined;
  readonly insecureRegistries: readonly Located<string>[];
  readonly experimental?: Located<boolean> | undefined;
  readonly userlandProxy?: Located<boolean> | undefined;
  readonly usernsRemap?: Located<boolean> | undefined;
  readonly rootless?: Located<boolean> | undefined;
  readonly noNewPrivileges?: Located<boolean> | undefined;
  readonly authorizationPlugins: readonly Located<string>[];
  readonly storageDriver?: Located<string> | undefined;
  /** State of this node in a swarm: `active`, `inactive`, `pending`. */
  readonly swarm?: Located<string> | undefined;
  readonly logDriver?: Located<string> | undefined;
  readonly logLevel?: Located<string> | undefined;
  /** The engine writes firewall rules itself. */
  readonly iptables?: Located<boolean> | undefined;
  readonly seccompProfile?: Located<string> | undefined;
  /** `engine`, `containerd`, `runc` → version as it names itself. */
  readonly versions: ReadonlyMap<string, Located<string>>;
  /** OCI runtimes that can be chosen, with the program. */
  readonly runtimes: ReadonlyMap<string, Located<string>>;
  /** Members of the group that may use the API's socket. */
  readonly groupMembers: readonly Located<string>[];
}

export interface ApiAddress {
  readonly address: string;
  /** What told it: a flag, a setting, a listening socket, the engine's own warning. */
  readonly source: 'flag' | 'setting' | 'socket-unit' | 'listening' | 'warning';
  readonly at: Place;
}

/** What one capture tells about the engine. */
export type EngineFacts = Partial<Engine>;

/** Puts captures together; of single values that of the first counts, so the strongest comes first (flags before files before `info`). */
export function mergeEngines(parts: readonly EngineFacts[], at: Place): Engine {
  const single: Record<string, unknown> = {};
  for (const part of parts.toReversed()) {
    for (const [key, value] of Object.entries(part)) if (value !== undefined) single[key] = value;
  }
  return {
    ...(single as EngineFacts),
    at: parts[0]?.at ?? at,
    isConfigured: parts.some(({ isConfigured }) => isConfigured === true),
    apiAddresses: parts.flatMap(({ apiAddresses }) => apiAddresses ?? []),
    insecureRegistries: parts.flatMap(({ insecureRegistries }) => insecureRegistries ?? []),
    authorizationPlugins: parts.flatMap(({ authorizationPlugins }) => authorizationPlugins ?? []),
    groupMembers: parts.flatMap(({ groupMembers }) => groupMembers ?? []),
    versions: new Map(parts.toReversed().flatMap(({ versions }) => [...(versions ?? [])])),
    runtimes: new Map(parts.toReversed().flatMap(({ runtimes }) => [...(runtimes ?? [])])),
  };
}
