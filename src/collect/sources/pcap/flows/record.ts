import { newEvent, type EventOf } from '../../../../events/event.ts';
import { addressText } from '../layers/packet.ts';
import { communityId } from './community-id.ts';
import { transportIcmp, transportIcmpv6, transportSctp, transportTcp, transportUdp, type Flow } from './flow.ts';
import { isLocalAddress } from './local-networks.ts';
import { tcpConnState } from './tcp-state.ts';

const transportNames: Readonly<Record<number, string>> = {
  [transportTcp]: 'tcp',
  [transportUdp]: 'udp',
  [transportIcmp]: 'icmp',
  [transportIcmpv6]: 'icmp',
  [transportSctp]: 'sctp',
};

/** Zeek's name of the transport; other protocols are told apart by their number. */
export function transportName(protocol: number): string {
  return transportNames[protocol] ?? 'unknown_transport';
}

export function origAddress(flow: Flow): string {
  return addressText(flow.orig0, flow.orig1, flow.orig2, flow.orig3);
}

export function respAddress(flow: Flow): string {
  return addressText(flow.resp0, flow.resp1, flow.resp2, flow.resp3);
}

/** `00:1b:21:3c:9d:f8` from the upper 16 and the lower 32 bits; null for all zeros. */
export function macAddress(high: number, low: number): string | null {
  if (high === 0 && low === 0) return null;
  const key = high * 2 ** 32 + (low >>> 0);
  const known = macTexts.get(key);
  if (known !== undefined) return known;
  if (macTexts.size >= maxMacTexts) macTexts.clear();
  const text = macTextOf(high, low);
  macTexts.set(key, text);
  return text;
}

/** Few machines stand on a link, and every flow names two of them. */
const maxMacTexts = 4096;
const macTexts = new Map<number, string>();

function macTextOf(high: number, low: number): string {
  const start = `${hex(high >>> 8)}:${hex(high)}:${hex(low >>> 24)}`;
  return `${start}:${hex(low >>> 16)}:${hex(low >>> 8)}:${hex(low)}`;
}

const hexPairs = Array.from({ length: 256 }, (_none, byte) => byte.toString(16).padStart(2, '0'));

function hex(byte: number): string {
  return hexPairs[byte & 255] ?? '';
}

/** The flow as an event, as Zeek writes it to conn.log when the connection is removed. */
export function flowEvent(flow: Flow, uid: string, history: string): EventOf<'flow'> {
  const { orig, resp } = flow;
  const event = newEvent('flow');
  event.time = flow.startTime;
  event.event_dataset = 'pcap.flow';
  event.evidence_at = flow.packet;
  event.source_ip = origAddress(flow);
  event.source_port = flow.origPort;
  event.destination_ip = respAddress(flow);
  event.destination_port = flow.respPort;
  event.network_transport = transportName(flow.protocol);
  event.network_community_id = communityId(flow);
  event.uid = uid;
  event.network_protocol = flow.services.length === 0 ? null : flow.services.join(',');
  event.network_iana_number = flow.protocol;
  event.network_vlan_id = flow.vlan < 0 ? null : flow.vlan;
  const duration = flow.lastTime - flow.startTime;
  if (duration > 0) {
    event.event_duration = duration;
    event.source_payload_bytes = payloadBytes(flow, true);
    event.destination_payload_bytes = payloadBytes(flow, false);
  }
  event.is_open = false;
  event.source_bytes = orig.ipBytes;
  event.destination_bytes = resp.ipBytes;
  event.source_packets = orig.packets;
  event.destination_packets = resp.packets;
  event.missed_bytes = orig.missedBytes + resp.missedBytes;
  event.conn_state = connState(flow, history);
  event.history = history === '' ? null : history;
  if (flow.protocol === transportTcp) event.tcp_flags = (orig.flags | resp.flags).toString(16).padStart(2, '0');
  event.local_orig = isLocalAddress(flow.orig0, flow.orig1, flow.orig2, flow.orig3);
  event.local_resp = isLocalAddress(flow.resp0, flow.resp1, flow.resp2, flow.resp3);
  event.tunnel_parents = flow.tunnelParents.length === 0 ? null : flow.tunnelParents;
  event.source_mac = macAddress(flow.origMacHigh, flow.origMacLow);
  event.destination_mac = macAddress(flow.respMacHigh, flow.respMacLow);
  return event;
}

function payloadBytes(flow: Flow, isOrig: boolean): number {
  const endpoint = isOrig ? flow.orig : flow.resp;
  if (flow.protocol === transportTcp) return endpoint.streamBytes(isOrig ? flow.resp : flow.orig);
  return Math.max(0, endpoint.payloadBytes);
}

function connState(flow: Flow, history: string): string {
  if (flow.protocol === transportTcp) return tcpConnState(flow, history);
  if (flow.protocol !== transportUdp) return 'OTH';
  const hasOrig = flow.orig.payloadBytes >= 0;
  const hasResp = flow.resp.payloadBytes >= 0;
  if (hasOrig) return hasResp ? 'SF' : 'S0';
  return hasResp ? 'SHR' : 'OTH';
}
