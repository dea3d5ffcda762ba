import { normalPath, parentOf } from '../../../tree/tree.ts';
import type { Cursor } from '../cursor.ts';
import { mountOfBind } from '../docker/mounts.ts';
import { everywhere, portsOfShortForm } from '../docker/ports.ts';
import { securityOptions } from '../docker/security-options.ts';
import type { Located } from '../place.ts';
import {
  capabilityName,
  type EnvVariable,
  type Mount,
  type NamespaceKind,
  type PublishedPort,
  type SharedNamespace,
  type Workload,
} from '../workload.ts';
import { byteCount } from './byte-count.ts';
import { withIncluded } from './include.ts';
import { composed, isOverride, type Beside } from './project.ts';
import { EnvFiles } from './env-files.ts';

/** A Compose file: services, or one of its other parts beside them. */
export function isCompose(cursor: Cursor): boolean {
  if (cursor.get('kind').text() !== undefined) return false;
  // Other formats include files too: one that only includes is told by its name.
  const isCalledSo = /(?:^|[/-])compose[^/]*\.ya?ml$/.test(cursor.place.path);
  return (
    cursor.get('services').node?.kind === 'map' ||
    (isCalledSo && (cursor.get('include').node?.kind === 'list' || isFirstForm(cursor)))
  );
}

/** The first version of the format had its services at the top. */
function isFirstForm(cursor: Cursor): boolean {
  const entries = cursor.entries();
  const isService = (one: Cursor): boolean =>
    one.get('image').node !== undefined || one.get('build').node !== undefined;
  return entries.length > 0 && entries.every(([, one]) => one.node?.kind === 'map' && isService(one));
}

/**
 * The services of a Compose file and of those that it includes, with overrides, services that are extended, env files and variables. None when
 * it is itself what is put over another file.
 */
export function workloadsOfCompose(document: Cursor, beside: Beside): Workload[] {
  if (isOverride(document.place.path, beside)) return [];
  const envFiles = new EnvFiles(beside);
  if (isFirstForm(document)) return document.entries().map(([name, service]) => serviceOf(name, service, envFiles));
  return withIncluded(document, beside).flatMap((one) =>
    composed(one, beside)
      .get('services')
      .entries()
      .filter(([, service]) => service.node?.kind === 'map')
      .map(([name, service]) => serviceOf(name, service, envFiles)),
  );
}

function serviceOf(name: string, service: Cursor, envFiles: EnvFiles): Workload {
  const security = securityOptions(service.get('security_opt'));
  const limits = service.get('deploy', 'resources', 'limits');
  return {
    origin: 'compose',
    role: 'main',
    name,
    at: service.place,
    image: service.get('image').locatedText(),
    user: service.get('user').locatedText(),
    privileged: service.get('privileged').locatedFlag(),
    capAdd: service.get('cap_add').texts().map(toCapability),
    capDrop: service.get('cap_drop').texts().map(toCapability),
    noNewPrivileges: security.noNewPrivileges ?? service.get('security_opt').located(false),
    seccomp: security.seccomp,
    appArmor: security.appArmor,
    selinuxDisabled: security.selinuxDisabled,
    sharedNamespaces: sharedNamespaces(service),
    network: service.get('network_mode').locatedText(),
    addresses: [],
    mounts: service.get('volumes').items().flatMap(mountOf),
    devices: service
      .get('devices')
      .texts()
      .map(({ value, at }) => ({ value: value.split(':')[0] ?? '', at })),
    ports: service.get('ports').items().flatMap(portsOf),
    env: envOf(service, envFiles),
    readOnlyRoot: service.get('read_only').locatedFlag() ?? service.get('read_only').located(false),
    memoryLimit: firstLimit([service.get('mem_limit'), limits.get('memory')], byteCount),
    cpuLimit: firstLimit(
      [service.get('cpus'), limits.get('cpus'), service.get('cpu_shares'), service.get('cpu_quota')],
      Number,
    ),
    pidsLimit: firstLimit([service.get('pids_limit'), limits.get('pids')], Number),
    restart: service.get('restart').locatedText(),
    healthcheck: healthcheckOf(service.get('healthcheck')),
    runtime: service.get('runtime').locatedText(),
    sysctls: sysctlsOf(service.get('sysctls')),
    cgroupParent: service.get('cgroup_parent').locatedText(),
    unmaskedProc: security.unmaskedProc,
    buildArguments: variablesOf(service.get('build', 'args')),
    labels: [...variablesOf(service.get('labels')), ...variablesOf(service.get('build', 'labels'))],
    command: [...service.get('entrypoint').texts(), ...service.get('command').texts()].map(({ value }) => value),
  };
}

function toCapability({ value, at }: Located<string>): Located<string> {
  return { value: capabilityName(value), at };
}

const namespaceFields: readonly (readonly [NamespaceKind, string])[] = [
  ['network', 'network_mode'],
  ['pid', 'pid'],
  ['ipc', 'ipc'],
  ['uts', 'uts'],
  ['user', 'userns_mode'],
];

function sharedNamespaces(service: Cursor): SharedNamespace[] {
  return namespaceFields.flatMap(([kind, field]) => {
    const mode = service.get(field).locatedText();
    if (mode === undefined || !/^(?:host$|container:|service:)/.test(mode.value)) return [];
    return [{ kind, with: mode.value, at: mode.at }];
  });
}

function mountOf(volume: Cursor): Mount[] {
  const short = volume.text();
  if (short !== undefined) {
    const mount = mountOfBind(short, volume.place);
    return mount === undefined ? [] : [mount];
  }
  const type = volume.get('type').text();
  return [
    {
      type: type === 'bind' || type === 'volume' || type === 'tmpfs' ? type : 'other',
      source: volume.get('source').text() ?? '',
      target: volume.get('target').text() ?? '',
      readOnly: volume.get('read_only').flag() === true,
      propagation: volume.get('bind', 'propagation').text(),
      at: volume.place,
    },
  ];
}

function portsOf(port: Cursor): PublishedPort[] {
  const short = port.text();
  if (short !== undefined) return portsOfShortForm(short, port.place);
  const inside = port.get('target').number();
  if (inside === undefined) return [];
  return [
    {
      hostAddress: everywhere(port.get('host_ip').text() ?? ''),
      hostPort: port.get('published').number() ?? 0,
      port: inside,
      protocol: port.get('protocol').text() ?? 'tcp',
      at: port.place,
    },
  ];
}

/** What `environment` says, then what the env files say besides, each at its own place. */
function envOf(service: Cursor, envFiles: EnvFiles): EnvVariable[] {
  const own = variablesOf(service.get('environment'));
  const names = new Set(own.map(({ name }) => name));
  const files =
    service.get('env_file').node?.kind === 'list' ? service.get('env_file').items() : [service.get('env_file')];
  for (const file of files) {
    const named = file.text() ?? file.get('path').text();
    if (named === undefined) continue;
    const path = normalPath(`${parentOf(service.place.path)}/${named}`);
    for (const [name, { value, line }] of envFiles.variablesIn(path)) {
      if (!names.has(name)) own.push({ name, value, at: { path, line } });
      names.add(name);
    }
  }
  return own;
}

/** A map, or a list of `NAME=value`; names without a value come from the environment. */
function variablesOf(environment: Cursor): EnvVariable[] {
  if (environment.node?.kind === 'map') {
    return environment.entries().flatMap(([name, value]) => {
      const text = value.text();
      return text === undefined ? [] : [{ name, value: text, at: value.place }];
    });
  }
  return environment.texts().flatMap(({ value, at }) => {
    const equals = value.indexOf('=');
    return equals === -1 ? [] : [{ name: value.slice(0, equals), value: value.slice(equals + 1), at }];
  });
}

function firstLimit(settings: readonly Cursor[], read: (text: string) => number): Located<number> {
  const setting = settings.find(({ isThere }) => isThere) ?? settings[0];
  const value = read(setting?.text() ?? '0');
  return { value: Number.isFinite(value) ? value : 0, at: setting?.place ?? { path: '' } };
}

function healthcheckOf(check: Cursor): Located<boolean> | undefined {
  if (!check.isThere) return undefined;
  const isOff = check.get('disable').flag() === true || check.get('test').texts()[0]?.value === 'NONE';
  return check.located(!isOff);
}

function sysctlsOf(sysctls: Cursor): Located<string>[] {
  if (sysctls.node?.kind === 'map') return sysctls.entries().map(([name, value]) => value.located(name));
  return sysctls.texts().map(({ value, at }) => ({ value: value.split('=')[0] ?? '', at }));
}
