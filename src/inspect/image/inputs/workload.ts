import type { Located, Place } from './place.ts';

/** One container as it runs or is to be run, whoever describes it. What is absent was not said, and the default counts. */
export interface Workload {
  readonly origin: 'docker' | 'podman' | 'compose' | 'kubernetes';
  /** `init` and `ephemeral` are those of Kubernetes. */
  readonly role: 'main' | 'init' | 'ephemeral';
  /** The container, the service, or `Deployment/web/nginx`. */
  readonly name: string;
  readonly at: Place;
  /** As the engine says: `running`, `created`, `exited`; absent in what only describes. */
  readonly state?: string | undefined;
  readonly image?: Located<string> | undefined;
  /** User and group as the engine takes them (`1000:1000`, `root`); empty is what the image says. */
  readonly user?: Located<string> | undefined;
  readonly runAsNonRoot?: Located<boolean> | undefined;
  readonly runAsGroup?: Located<number> | undefined;
  readonly privileged?: Located<boolean> | undefined;
  /** Upper case, without `CAP_`. */
  readonly capAdd: readonly Located<string>[];
  readonly capDrop: readonly Located<string>[];
  readonly noNewPrivileges?: Located<boolean> | undefined;
  /** Profile: `unconfined`, `runtime/default`, `localhost/…`, or a path. */
  readonly seccomp?: Located<string> | undefined;
  readonly appArmor?: Located<string> | undefined;
  /** SELinux separation is switched off. */
  readonly selinuxDisabled?: Located<boolean> | undefined;
  /** Namespaces that are the host's or another container's. */
  readonly sharedNamespaces: readonly SharedNamespace[];
  /** `none`, `bridge`, a name; absent when not said. */
  readonly network?: Located<string> | undefined;
  /** Networks it is attached to, with its addresses there. */
  readonly addresses: readonly { readonly network: string; readonly address: string }[];
  readonly mounts: readonly Mount[];
  readonly devices: readonly Located<string>[];
  readonly ports: readonly PublishedPort[];
  readonly env: readonly EnvVariable[];
  readonly readOnlyRoot?: Located<boolean> | undefined;
  /** Bytes, CPUs and processes; absent or 0 is no limit. */
  readonly memoryLimit?: Located<number> | undefined;
  readonly cpuLimit?: Located<number> | undefined;
  readonly pidsLimit?: Located<number> | undefined;
  /** What an orchestrator reserves for it; undefined where there is no such thing. */
  readonly hasRequests?: { readonly cpu: boolean; readonly memory: boolean } | undefined;
  readonly restart?: Located<string> | undefined;
  /** True: one is set. False: it is switched off. Undefined: the image's, if any. */
  readonly healthcheck?: Located<boolean> | undefined;
  /** OCI runtime or the handler of a RuntimeClass. */
  readonly runtime?: Located<string> | undefined;
  readonly sysctls: readonly Located<string>[];
  readonly cgroupParent?: Located<string> | undefined;
  /** `/proc` without masked paths. */
  readonly unmaskedProc?: Located<boolean> | undefined;
  /** Program and arguments as far as they are said. */
  readonly command: readonly string[];
  /** Arguments of the build, where one describes both. */
  readonly buildArguments?: readonly EnvVariable[] | undefined;
  readonly labels?: readonly EnvVariable[] | undefined;
}

export type NamespaceKind = 'network' | 'pid' | 'ipc' | 'uts' | 'user';

export interface SharedNamespace {
  readonly kind: NamespaceKind;
  /** `host` or `container:NAME`. */
  readonly with: string;
  readonly at: Place;
}

export interface Mount {
  readonly type: 'bind' | 'volume' | 'tmpfs' | 'other';
  /** Path on the host of a bind, name of a volume. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** `shared`, `rslave` …; absent when not said. */
  readonly propagation?: string | undefined;
  readonly at: Place;
}

export interface PublishedPort {
  /** Empty is every address. */
  readonly hostAddress: string;
  /** 0 when the engine picks one. */
  readonly hostPort: number;
  readonly port: number;
  readonly protocol: string;
  readonly at: Place;
}

export interface EnvVariable {
  readonly name: string;
  readonly value: string;
  readonly at: Place;
}

/** `cap_sys_admin`, `SYS_ADMIN` → `SYS_ADMIN`. */
export function capabilityName(text: string): string {
  return text.trim().toUpperCase().replace(/^CAP_/, '');
}

/** Whether a port is published on more than the loopback interface. */
export function isPublishedOutside({ hostAddress }: PublishedPort): boolean {
  return !/^(?:127\.|::1$|\[::1\]$|localhost$)/.test(hostAddress);
}

/** The network that is the host's is no network of its own. */
export function shares(workload: Workload, kind: NamespaceKind): SharedNamespace | undefined {
  return workload.sharedNamespaces.find((shared) => shared.kind === kind && shared.with === 'host');
}
