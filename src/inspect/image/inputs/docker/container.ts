import type { Cursor } from '../cursor.ts';
import type { Located } from '../place.ts';
import {
  capabilityName,
  type EnvVariable,
  type NamespaceKind,
  type SharedNamespace,
  type Workload,
} from '../workload.ts';
import { mountsOf } from './mounts.ts';
import { portsOf } from './ports.ts';
import { securityOptions } from './security-options.ts';

/** One object of `docker inspect` or `podman inspect` that is a container. */
export function isContainer(cursor: Cursor): boolean {
  return cursor.get('HostConfig').node?.kind === 'map' && cursor.get('Config').node?.kind === 'map';
}

/** The container that `docker inspect` or `podman inspect` shows, running or not. */
export function workloadOfContainer(cursor: Cursor): Workload {
  const config = cursor.get('Config');
  const host = cursor.get('HostConfig');
  const isPodman = cursor.get('OCIRuntime').isThere || cursor.get('ImageName').isThere;
  const security = securityOptions(host.get('SecurityOpt'), cursor.get('AppArmorProfile'));
  return {
    origin: isPodman ? 'podman' : 'docker',
    role: 'main',
    name: (cursor.get('Name').text() ?? cursor.get('Id').text() ?? '').replace(/^\//, ''),
    at: cursor.place,
    state: cursor.get('State', 'Status').text(),
    image: cursor.get('ImageName').locatedText() ?? config.get('Image').locatedText(),
    user: config.get('User').locatedText() ?? config.get('User').located(''),
    privileged: host.get('Privileged').locatedFlag(),
    capAdd: host.get('CapAdd').texts().map(toCapability),
    capDrop: droppedIn(cursor, isPodman),
    noNewPrivileges: security.noNewPrivileges ?? host.get('SecurityOpt').located(false),
    seccomp: security.seccomp,
    appArmor: security.appArmor,
    selinuxDisabled: security.selinuxDisabled,
    sharedNamespaces: sharedNamespaces(host),
    network: networkOf(host),
    addresses: addressesOf(cursor.get('NetworkSettings')),
    mounts: mountsOf(cursor),
    devices: host.get('Devices').items().flatMap(devicePath),
    ports: portsOf(cursor),
    env: envOf(config.get('Env')),
    readOnlyRoot: host.get('ReadonlyRootfs').locatedFlag() ?? host.get('ReadonlyRootfs').located(false),
    memoryLimit: host.get('Memory').locatedNumber() ?? host.get('Memory').located(0),
    cpuLimit: cpuLimit(host),
    pidsLimit: host.get('PidsLimit').locatedNumber() ?? host.get('PidsLimit').located(0),
    restart: restartOf(host.get('RestartPolicy')),
    healthcheck: healthcheckOf(config.get('Healthcheck')),
    runtime: cursor.get('OCIRuntime').locatedText() ?? host.get('Runtime').locatedText(),
    sysctls: host
      .get('Sysctls')
      .entries()
      .map(([name, value]) => value.located(name)),
    cgroupParent: host.get('CgroupParent').locatedText(),
    unmaskedProc: security.unmaskedProc,
    command: [...cursor.get('Path').texts(), ...cursor.get('Args').texts()].map(({ value }) => value),
  };
}

/** Podman writes the single ones down for `--cap-drop ALL`, and what is left: nothing. */
function droppedIn(cursor: Cursor, isPodman: boolean): Located<string>[] {
  const dropped = cursor.get('HostConfig', 'CapDrop').texts().map(toCapability);
  const left = cursor.get('BoundingCaps');
  const isNothingLeft = isPodman && left.node !== undefined && left.items().length === 0;
  return isNothingLeft ? [left.located('ALL'), ...dropped] : dropped;
}

function toCapability({ value, at }: Located<string>): Located<string> {
  return { value: capabilityName(value), at };
}

const namespaceFields: readonly (readonly [NamespaceKind, string])[] = [
  ['network', 'NetworkMode'],
  ['pid', 'PidMode'],
  ['ipc', 'IpcMode'],
  ['uts', 'UTSMode'],
  ['user', 'UsernsMode'],
];

function sharedNamespaces(host: Cursor): SharedNamespace[] {
  return namespaceFields.flatMap(([kind, field]) => {
    const mode = host.get(field).locatedText();
    if (mode === undefined || (mode.value !== 'host' && !mode.value.startsWith('container:'))) return [];
    return [{ kind, with: mode.value, at: mode.at }];
  });
}

/** `default` is the engine's word for its bridge. */
function networkOf(host: Cursor): Located<string> | undefined {
  const mode = host.get('NetworkMode').locatedText();
  return mode === undefined ? undefined : { ...mode, value: mode.value === 'default' ? 'bridge' : mode.value };
}

function addressesOf(settings: Cursor): Workload['addresses'] {
  const perNetwork = settings
    .get('Networks')
    .entries()
    .flatMap(([network, cursor]) =>
      ['IPAddress', 'GlobalIPv6Address'].flatMap((field) => {
        const address = cursor.get(field).text() ?? '';
        return address === '' ? [] : [{ network, address }];
      }),
    );
  const own = settings.get('IPAddress').text() ?? '';
  return perNetwork.length > 0 || own === '' ? perNetwork : [{ network: 'bridge', address: own }];
}

function devicePath(device: Cursor): Located<string>[] {
  const path = device.get('PathOnHost').text();
  return path === undefined ? [] : [device.located(path)];
}

function envOf(list: Cursor): EnvVariable[] {
  return list.texts().map(({ value, at }) => {
    const equals = value.indexOf('=');
    const name = equals === -1 ? value : value.slice(0, equals);
    return { name, value: equals === -1 ? '' : value.slice(equals + 1), at };
  });
}

/** CPUs, from whichever of the engine's three ways is used; shares weigh against 1024. */
function cpuLimit(host: Cursor): Located<number> {
  const nano = host.get('NanoCpus').number() ?? 0;
  if (nano > 0) return host.get('NanoCpus').located(nano / 1e9);
  const quota = host.get('CpuQuota').number() ?? 0;
  if (quota > 0) return host.get('CpuQuota').located(quota / cpuPeriod(host));
  const shares = host.get('CpuShares');
  return shares.located((shares.number() ?? 0) / 1024);
}

/** Microseconds; 0 is the kernel's default. */
function cpuPeriod(host: Cursor): number {
  const period = host.get('CpuPeriod').number() ?? 0;
  return period > 0 ? period : 100_000;
}

/** `always`, `on-failure:5`. */
function restartOf(policy: Cursor): Located<string> | undefined {
  const name = policy.get('Name').text() ?? '';
  const count = policy.get('MaximumRetryCount').number() ?? 0;
  return name === '' ? undefined : policy.located(count > 0 ? `${name}:${count}` : name);
}

function healthcheckOf(check: Cursor): Located<boolean> {
  const [first] = check.get('Test').texts();
  return check.located(first !== undefined && first.value !== 'NONE');
}
