import type { Conversion, Reader } from '../../../../events/mapping.ts';

/** Readers that the mappings of several logs share. Paths are Zeek's field names. */

export const read = (path: string, as: Conversion = 'text'): Reader => ({ path, as });

export const when = { time: read('ts', 'seconds'), sensor: read('_system_name') };

export const endpoints = {
  source_ip: read('id.orig_h', 'ip'),
  source_port: read('id.orig_p', 'integer'),
  destination_ip: read('id.resp_h', 'ip'),
  destination_port: read('id.resp_p', 'integer'),
  uid: read('uid'),
} as const;

export const dataset = (log: string): { event_dataset: Reader } => ({ event_dataset: { constant: `zeek.${log}` } });

/** Protocols that run over TCP wherever Zeek logs them. */
export const overTcp = { network_transport: { constant: 'tcp' } } as const;
