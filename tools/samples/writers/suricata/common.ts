import type { Micros } from '../../../../src/base/time.ts';
import type { Flow } from '../../model/network.ts';

/** `2026-03-10T10:42:03.080000+0000`. */
export function timestamp(time: Micros): string {
  const millis = Math.floor(time / 1000);
  const micros = String(time - millis * 1000).padStart(3, '0');
  return `${new Date(millis).toISOString().slice(0, -1)}${micros}+0000`;
}

type Fields = Readonly<Record<string, unknown>>;

/** What all events of a flow begin with. `fromServer` turns source and destination round, as for answers. */
export function head(eventType: string, time: Micros, flow: Flow, fromServer = false): Fields {
  const source = fromServer ? flow.server : flow.client;
  const destination = fromServer ? flow.client : flow.server;
  const hasPorts = flow.transport !== 'icmp';
  return {
    timestamp: timestamp(time),
    flow_id: flow.flowId,
    in_iface: 'span0',
    event_type: eventType,
    src_ip: longIp(source.ip),
    ...(hasPorts ? { src_port: source.port } : {}),
    dest_ip: longIp(destination.ip),
    ...(hasPorts ? { dest_port: destination.port } : {}),
    proto: flow.transport.toUpperCase(),
    ...(hasPorts ? {} : { icmp_type: flow.client.port, icmp_code: 0 }),
    ip_v: flow.client.ip.includes(':') ? 6 : 4,
  };
}

/** What events that a packet caused have besides. */
export function packetHead(eventType: string, time: Micros, flow: Flow, fromServer = false): Fields {
  return { ...head(eventType, time, flow, fromServer), pkt_src: 'wire/pcap', community_id: flow.communityId };
}

/** Suricata writes IPv6 addresses in full. */
function longIp(ip: string): string {
  if (!ip.includes(':')) return ip;
  const [left = '', right] = ip.split('::');
  const before = left === '' ? [] : left.split(':');
  const after = right === undefined || right === '' ? [] : right.split(':');
  const gap = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...gap, ...after].map((group) => group.padStart(4, '0')).join(':');
}

const ethernetHeaderBytes = 14;

/** Suricata counts whole frames. */
export function frameBytes(volume: Flow['up']): number {
  return volume.ipBytes + volume.packets * ethernetHeaderBytes;
}
