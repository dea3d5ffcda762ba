import type { Conversion, Reader } from '../../../events/mapping.ts';

export const read = (path: string, as: Conversion, table?: Readonly<Record<string, string>>): Reader =>
  table === undefined ? { path, as } : { path, as, table };
export const first = (...readers: readonly Reader[]): Reader => ({ first: readers });
export const firstOf = (as: Conversion, ...paths: readonly string[]): Reader =>
  first(...paths.map((path) => read(path, as)));

/** Which end of the record is the opener of the connection. */
type Opener = 'src' | 'dest';

/** Columns of every record about a connection. ICMP has a type and a code where others have ports. */
export function connection(type: string, opener: Opener = 'src') {
  const answerer = opener === 'src' ? 'dest' : 'src';
  return {
    time: read('timestamp', 'iso'),
    event_dataset: { constant: `suricata.${type}` },
    sensor: read('host', 'text'),
    source_ip: read(`${opener}_ip`, 'ip'),
    source_port: firstOf('integer', `${opener}_port`, 'icmp_type'),
    destination_ip: read(`${answerer}_ip`, 'ip'),
    destination_port: firstOf('integer', `${answerer}_port`, 'icmp_code'),
    network_transport: read('proto', 'lower', { 'ipv6-icmp': 'icmp' }),
    network_community_id: read('community_id', 'text'),
    uid: read('flow_id', 'text'),
  } as const;
}

/** Said by `event_dataset`. */
export const drop = ['event_type'];
