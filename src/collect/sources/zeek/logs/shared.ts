import type { Conversion, Reader } from '../../../../events/mapping.ts';

/** Readers that the mappings of several logs share. Paths are Zeek's field names. */

/**
 * The value of a field. Where its name has a point, the name with `_` in its place is read too: that is what
 * `Log::default_scope_sep` is set to for stores that take no points. Further names are those that sites rename it to.
 */
export function read(field: string, as: Conversion = 'text', ...otherNames: readonly string[]): Reader {
  const names = field.includes('.') ? [field, field.replaceAll('.', '_'), ...otherNames] : [field, ...otherNames];
  return names.length === 1 ? { path: field, as } : { first: names.map((path) => ({ path, as })) };
}

/** When, and by which sensor: `_system_name` is what cluster sensors add to every log. */
export const when = { time: read('ts', 'seconds', 't'), sensor: read('_system_name') };

export const sensorOfPeer = { sensor: read('_system_name', 'text', 'peer', 'peer_descr') };

export const endpoints = {
  source_ip: read('id.orig_h', 'ip', 'src_ip'),
  source_port: read('id.orig_p', 'integer', 'src_port'),
  destination_ip: read('id.resp_h', 'ip', 'dst_ip'),
  destination_port: read('id.resp_p', 'integer', 'dst_port'),
  uid: read('uid'),
} as const;

/** Names for the ends that only some logs can have: others use them for something else. */
export const shortEndpoints = {
  ...endpoints,
  source_ip: read('id.orig_h', 'ip', 'src_ip', 'src', 'orig_h'),
  source_port: read('id.orig_p', 'integer', 'src_port', 'orig_p'),
  destination_ip: read('id.resp_h', 'ip', 'dst_ip', 'dst', 'resp_h'),
  destination_port: read('id.resp_p', 'integer', 'dst_port', 'resp_p'),
} as const;

export const dataset = (log: string): { event_dataset: Reader } => ({ event_dataset: { constant: `zeek.${log}` } });

/** Protocols that run over TCP wherever Zeek logs them. */
export const overTcp = { network_transport: { constant: 'tcp' } } as const;
