import type { ContainerFacts, ContainerPowers } from '../../sensor.ts';

type Fields = Readonly<Record<string, unknown>>;

const maxMounts = 100;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 1000) : '';
}

export function isContainerId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** A container out of `GET /containers/ID/json`; undefined when it is none. */
export function factsOf(inspected: unknown): ContainerFacts | undefined {
  const container = fieldsOf(inspected);
  const id = textIn(container['Id']);
  if (!isContainerId(id)) return undefined;
  const pid = Number(fieldsOf(container['State'])['Pid']);
  return {
    id,
    name: textIn(container['Name']).replace(/^\//, ''),
    image: textIn(fieldsOf(container['Config'])['Image']) || textIn(container['ImageName']),
    pid: Number.isSafeInteger(pid) && pid > 0 ? pid : 0,
    powers: containerPowers(container),
  };
}

function containerPowers(container: Fields): ContainerPowers {
  const host = fieldsOf(container['HostConfig']);
  const isHost = (key: string): boolean => textIn(host[key]) === 'host';
  return {
    privileged: host['Privileged'] === true,
    host_pid: isHost('PidMode'),
    host_network: isHost('NetworkMode'),
    host_ipc: isHost('IpcMode'),
    ...standingOf(container),
    mounts: mountsOf(container).map(({ Source, Destination, Mode, RW, Propagation }) =>
      [textIn(Source), textIn(Destination), textIn(Mode), String(RW !== false), textIn(Propagation)].join(':'),
    ),
  };
}

/** What it is beside what it may; members that the engine does not tell are left out. */
function standingOf(container: Fields): Partial<ContainerPowers> {
  const labels = fieldsOf(fieldsOf(container['Config'])['Labels']);
  const started = Date.parse(textIn(fieldsOf(container['State'])['StartedAt']));
  const told = {
    image_id: textIn(container['Image']).replace(/^sha256:/, ''),
    ip: textIn(fieldsOf(container['NetworkSettings'])['IPAddress']),
    // What was never started was started in the year 1.
    start_ns: started > 0 ? started * 1e6 : 0,
    pod_name: textIn(labels['io.kubernetes.pod.name']),
    pod_namespace: textIn(labels['io.kubernetes.pod.namespace']),
    pod_uid: textIn(labels['io.kubernetes.pod.uid']),
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== '' && value !== 0));
}

function mountsOf(container: Fields): Fields[] {
  return listOf(container['Mounts']);
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.slice(0, maxMounts).map(fieldsOf) : [];
}

/** What makes a container powerful, of the same answer: for the fields of its record. */
export function powersOf(inspected: unknown): Fields {
  const container = fieldsOf(inspected);
  const host = fieldsOf(container['HostConfig']);
  return {
    privileged: host['Privileged'] === true,
    cap_add: host['CapAdd'] ?? [],
    devices: listOf(host['Devices']).map(({ PathOnHost }) => textIn(PathOnHost)),
    security_opt: host['SecurityOpt'] ?? [],
    pid_mode: textIn(host['PidMode']),
    network_mode: textIn(host['NetworkMode']),
    user: textIn(fieldsOf(container['Config'])['User']),
    mounts: mountsOf(container).map(
      (mount) => `${textIn(mount['Source'])}:${textIn(mount['Destination'])}:${mount['RW'] === false ? 'ro' : 'rw'}`,
    ),
  };
}
