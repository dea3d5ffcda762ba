/** A bind mount or volume of a container. */
export interface Mount {
  readonly source: string;
  readonly destination: string;
  readonly mode: string;
  readonly isWritable: boolean;
  readonly propagation: string;
}

/** What a container engine told of a container, once at its start. */
export interface Container {
  readonly id: string;
  readonly fullId: string | undefined;
  /** `docker`, `containerd`, `podman` … */
  readonly type: string;
  readonly name: string | undefined;
  readonly image: string | undefined;
  readonly imageId: string | undefined;
  readonly imageRepository: string | undefined;
  readonly imageTag: string | undefined;
  readonly imageDigest: string | undefined;
  readonly isPrivileged: boolean;
  readonly ip: string | undefined;
  /** Seconds since 1970. */
  readonly created: number | undefined;
  readonly mounts: readonly Mount[];
  readonly labels: Readonly<Record<string, string>>;
  /** The engine could not be asked: only the id is known. */
  readonly hasFailed: boolean;
}

/** Engines by the numbers of the format. */
const types: readonly string[] = [
  'docker',
  'lxc',
  'libvirt-lxc',
  'mesos',
  'rkt',
  'custom',
  'cri',
  'containerd',
  'cri-o',
  'bpm',
  'static',
  'podman',
];

const maxContainers = 65_536;

/** Containers by their short id. */
export class ContainerTable {
  readonly #containers = new Map<string, Container>();

  get(id: string): Container | undefined {
    return this.#containers.get(id);
  }

  /** Takes the JSON of a container event; the container, or undefined when it is not of that form. */
  read(json: string): Container | undefined {
    const container = parseContainer(json);
    if (container !== undefined) this.add(container);
    return container;
  }

  add(container: Container): void {
    if (this.#containers.has(container.id) || this.#containers.size < maxContainers) {
      this.#containers.set(container.id, container);
    }
  }
}

export function engineName(type: number): string {
  return types[type] ?? 'unknown';
}

type Json = Readonly<Record<string, unknown>>;

function parseContainer(json: string): Container | undefined {
  const container = asObject(asObject(parse(json))?.['container']);
  const id = container === undefined ? undefined : textIn(container, 'id');
  if (container === undefined || id === undefined) return undefined;
  return {
    id,
    fullId: textIn(container, 'full_id'),
    type: engineName(numberIn(container, 'type') ?? -1),
    name: textIn(container, 'name'),
    image: textIn(container, 'image'),
    imageId: textIn(container, 'imageid'),
    imageRepository: textIn(container, 'imagerepo'),
    imageTag: textIn(container, 'imagetag'),
    imageDigest: textIn(container, 'imagedigest'),
    isPrivileged: container['privileged'] === true,
    ip: textIn(container, 'ip'),
    created: numberIn(container, 'created_time'),
    mounts: mountsOf(container['Mounts']),
    labels: labelsOf(container['labels']),
    hasFailed: (numberIn(container, 'lookup_state') ?? 1) !== 1,
  };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function textIn(object: Json, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberIn(object: Json, key: string): number | undefined {
  const value = object[key];
  return typeof value === 'number' ? value : undefined;
}

function mountsOf(value: unknown): Mount[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const mount = asObject(entry);
    if (mount === undefined) return [];
    return [
      {
        source: textIn(mount, 'Source') ?? '',
        destination: textIn(mount, 'Destination') ?? '',
        mode: textIn(mount, 'Mode') ?? '',
        isWritable: mount['RW'] === true,
        propagation: textIn(mount, 'Propagation') ?? '',
      },
    ];
  });
}

function labelsOf(value: unknown): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [name, label] of Object.entries(asObject(value) ?? {})) {
    if (typeof label === 'string') labels[name] = label;
  }
  return labels;
}
