import { parseIp } from '../../../base/ip.ts';
import type { Entity, EntityKind } from '../../../events/entity.ts';
import { fileParts, hashAlgorithm, macAddress, processParts } from '../../entity-parts.ts';

/** What OCSF makes of an entity: an element of `evidences`, and an observable that points into it. */
export interface Artifact {
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly observable: {
    /** Path of the attribute in the event. */
    readonly name: string;
    readonly type_id: number;
    readonly type: string;
    readonly value: string;
  };
}

/** `observable.type_id` of OCSF. */
const observableTypes = {
  'IP Address': 2,
  Hostname: 1,
  'MAC Address': 3,
  'User Name': 4,
  'URL String': 6,
  'File Name': 7,
  Hash: 8,
  'Process Name': 9,
  'HTTP User-Agent': 16,
  'CVE UID': 18,
  Fingerprint: 30,
} as const;
type ObservableType = keyof typeof observableTypes;

/** `algorithm_id` of OCSF's fingerprint. */
const algorithmIds = { MD5: 1, 'SHA-1': 2, 'SHA-256': 3, 'SHA-512': 4 } as const;
const unknownFileType = 0;

export function artifactOf({ kind, value }: Entity): Artifact {
  return byKind[kind](value);
}

const byKind: Readonly<Record<EntityKind, (value: string) => Artifact>> = {
  host: (value) => endpoint('src_endpoint', value),
  address: (value) => endpoint('dst_endpoint', value),
  domain: (value) => endpoint('dst_endpoint', value),
  process(value) {
    const parts = processParts(value);
    if (parts === undefined) return other('process', value);
    const { host, pid, name } = parts;
    const device = host === '' ? {} : { device: { hostname: host, type_id: 0 } };
    return known('Process Name', 'process.name', name, { process: { pid, name }, ...device });
  },
  executable: fileArtifact,
  file: fileArtifact,
  'file-hash'(value) {
    const algorithm = hashAlgorithm(value);
    if (algorithm === undefined) return other('file-hash', value);
    const hashes = [{ algorithm, algorithm_id: algorithmIds[algorithm], value }];
    return known('Hash', 'file.hashes.value', value, { file: { name: value, type_id: unknownFileType, hashes } });
  },
  container: (value) => other('container', value, { container: { name: value } }),
  image: (value) => other('image', value),
  user: (value) => known('User Name', 'user.name', value, { user: { name: value } }),
  url: (value) => known('URL String', 'url.url_string', value, { url: { url_string: value } }),
  'tls-fingerprint': (value) => inData('Fingerprint', 'tls-fingerprint', value),
  'user-agent': (value) => inData('HTTP User-Agent', 'user-agent', value),
  package: (value) => other('package', value),
  vulnerability: (value) =>
    value.startsWith('CVE-') ? inData('CVE UID', 'vulnerability', value) : other('vulnerability', value),
  device(value) {
    const mac = macAddress(value);
    return mac === undefined
      ? other('device', value)
      : known('MAC Address', 'device.mac', mac, { device: { mac, type_id: 0 } });
  },
};

function endpoint(side: 'src_endpoint' | 'dst_endpoint', value: string): Artifact {
  return parseIp(value) === undefined
    ? known('Hostname', `${side}.hostname`, value, { [side]: { hostname: value } })
    : known('IP Address', `${side}.ip`, value, { [side]: { ip: value } });
}

function fileArtifact(value: string): Artifact {
  const { host, folder, name } = fileParts(value);
  const path =
    folder === '' || folder === '/' ? `${folder}${name}` : value.slice(host === undefined ? 0 : host.length + 1);
  return known('File Name', 'file.name', name, {
    file: { name, path, type_id: unknownFileType },
    ...(host === undefined ? {} : { device: { hostname: host, type_id: 0 } }),
  });
}

function known(type: ObservableType, name: string, value: string, evidence: Artifact['evidence']): Artifact {
  return { evidence, observable: { name: `evidences.${name}`, type_id: observableTypes[type], type, value } };
}

function inData(type: ObservableType, kind: EntityKind, value: string): Artifact {
  return known(type, 'data.value', value, { data: { kind, value } });
}

/** OCSF has no observable type for it: 99 is `Other`, named by our kind. */
function other(kind: EntityKind, value: string, more: Artifact['evidence'] = {}): Artifact {
  return {
    evidence: { data: { kind, value }, ...more },
    observable: { name: 'evidences.data.value', type_id: 99, type: kind, value },
  };
}
