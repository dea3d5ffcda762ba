import type { Cursor } from '../cursor.ts';
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
import { podName, type Pod, type PodContainer } from './pod.ts';
import { quantity } from './quantity.ts';

/** The containers of a pod as they are to run: what the container does not say, the pod says. */
export function workloadsOfPod(pod: Pod): Workload[] {
  const shared = sharedNamespaces(pod);
  return pod.containers.map((container) => workloadOf(pod, container, shared));
}

function workloadOf(pod: Pod, container: PodContainer, sharedNamespaces: readonly SharedNamespace[]): Workload {
  const { cursor, role, name } = container;
  const context = cursor.get('securityContext');
  const podContext = pod.spec.get('securityContext');
  const own = (...keys: readonly string[]): Cursor => {
    const setting = context.get(...keys);
    const inherited = podContext.get(...keys);
    return setting.isThere || !inherited.isThere ? setting : inherited;
  };
  const escalation = context.get('allowPrivilegeEscalation');
  const resources = cursor.get('resources');
  return {
    origin: 'kubernetes',
    role,
    name: `${podName(pod)}/${name}`,
    at: cursor.place,
    image: cursor.get('image').locatedText(),
    user: own('runAsUser').locatedText(),
    runAsNonRoot: own('runAsNonRoot').locatedFlag(),
    runAsGroup: own('runAsGroup').locatedNumber(),
    privileged: context.get('privileged').locatedFlag(),
    capAdd: context.get('capabilities', 'add').texts().map(toCapability),
    capDrop: context.get('capabilities', 'drop').texts().map(toCapability),
    noNewPrivileges: escalation.located(escalation.flag() === false),
    seccomp: seccompOf(own('seccompProfile')),
    appArmor: appArmorOf(own('appArmorProfile')) ?? appArmorAnnotation(pod, name),
    sharedNamespaces,
    network: undefined,
    addresses: [],
    mounts: cursor
      .get('volumeMounts')
      .items()
      .flatMap((mount) => mountOf(pod, mount)),
    devices: cursor
      .get('volumeDevices')
      .items()
      .flatMap((device) => device.get('devicePath').locatedText() ?? []),
    ports: cursor.get('ports').items().flatMap(portOf),
    env: cursor.get('env').items().flatMap(variableOf),
    readOnlyRoot: readOnlyRootOf(context),
    memoryLimit: limitOf(resources.get('limits', 'memory')),
    cpuLimit: limitOf(resources.get('limits', 'cpu')),
    hasRequests: {
      cpu: resources.get('requests', 'cpu').isThere,
      memory: resources.get('requests', 'memory').isThere,
    },
    healthcheck:
      role === 'main' && cursor.get('livenessProbe').isThere ? cursor.get('livenessProbe').located(true) : undefined,
    runtime: pod.spec.get('runtimeClassName').locatedText(),
    sysctls: podContext
      .get('sysctls')
      .items()
      .flatMap((sysctl) => sysctl.get('name').locatedText() ?? []),
    unmaskedProc: context.get('procMount').text() === 'Unmasked' ? context.get('procMount').located(true) : undefined,
    command: [...cursor.get('command').texts(), ...cursor.get('args').texts()].map(({ value }) => value),
  };
}

function toCapability({ value, at }: Located<string>): Located<string> {
  return { value: capabilityName(value), at };
}

const namespaceFields: readonly (readonly [NamespaceKind, string])[] = [
  ['network', 'hostNetwork'],
  ['pid', 'hostPID'],
  ['ipc', 'hostIPC'],
];

function sharedNamespaces({ spec }: Pod): SharedNamespace[] {
  return namespaceFields.flatMap(([kind, field]) => {
    const flag = spec.get(field);
    return flag.flag() === true ? [{ kind, with: 'host', at: flag.place }] : [];
  });
}

/** The profile in the words of the engine. */
function seccompOf(profile: Cursor): Located<string> | undefined {
  return profileOf(profile.get('type'), profile.get('localhostProfile'));
}

function appArmorOf(profile: Cursor): Located<string> | undefined {
  return profileOf(profile.get('type'), profile.get('localhostProfile'));
}

function profileOf(type: Cursor, local: Cursor): Located<string> | undefined {
  switch (type.text()) {
    case undefined:
      return undefined;
    case 'Unconfined':
      return type.located('unconfined');
    case 'RuntimeDefault':
      return type.located('runtime/default');
    default:
      return type.located(`localhost/${local.text() ?? ''}`);
  }
}

function appArmorAnnotation(pod: Pod, container: string): Located<string> | undefined {
  return pod.annotations.get(`container.apparmor.security.beta.kubernetes.io/${container}`).locatedText();
}

function mountOf(pod: Pod, mount: Cursor): Mount[] {
  const name = mount.get('name').text();
  const volume = pod.spec
    .get('volumes')
    .items()
    .find((candidate) => candidate.get('name').text() === name);
  if (volume === undefined) return [];
  const path = volume.get('hostPath', 'path').text();
  return [
    {
      type: path === undefined ? 'volume' : 'bind',
      source: path ?? name ?? '',
      target: mount.get('mountPath').text() ?? '',
      readOnly: mount.get('readOnly').flag() === true,
      propagation: propagations[mount.get('mountPropagation').text() ?? ''],
      at: mount.place,
    },
  ];
}

const propagations: Readonly<Record<string, string>> = {
  Bidirectional: 'rshared',
  HostToContainer: 'rslave',
  None: 'rprivate',
};

function portOf(port: Cursor): PublishedPort[] {
  const hostPort = port.get('hostPort').number() ?? 0;
  if (hostPort === 0) return [];
  return [
    {
      hostAddress: port.get('hostIP').text() ?? '',
      hostPort,
      port: port.get('containerPort').number() ?? hostPort,
      protocol: (port.get('protocol').text() ?? 'tcp').toLowerCase(),
      at: port.get('hostPort').place,
    },
  ];
}

/** Values that are written into the manifest; those that come from elsewhere are not. */
function variableOf(variable: Cursor): EnvVariable[] {
  const value = variable.get('value');
  const name = variable.get('name').text();
  return name === undefined || !value.isThere ? [] : [{ name, value: value.text() ?? '', at: value.place }];
}

function readOnlyRootOf(context: Cursor): Located<boolean> {
  const setting = context.get('readOnlyRootFilesystem');
  return setting.located(setting.flag() === true);
}

function limitOf(limit: Cursor): Located<number> {
  return limit.located(quantity(limit.text() ?? '') ?? 0);
}
