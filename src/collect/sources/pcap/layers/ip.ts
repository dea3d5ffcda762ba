import { isIntact, sumBytes } from './checksum.ts';
import type { Packet } from './packet.ts';

/** What came of an IP header. */
export type IpResult = 'whole' | 'fragment' | 'truncated' | 'malformed' | 'checksum';

/** Place of a fragment in its packet; filled beside the result `fragment`. One object, used again. */
export class FragmentPlace {
  id = 0;
  /** Offset in the payload of the whole, in bytes. */
  offset = 0;
  hasMore = false;
}

/** Reads the IPv4 header at `at` (RFC 791). */
export function readIpv4(packet: Packet, at: number, place: FragmentPlace): IpResult {
  const { view } = packet;
  if (at + 20 > packet.end) return 'truncated';
  const first = view.getUint8(at);
  const headerBytes = (first & 15) * 4;
  if (first >>> 4 !== 4 || headerBytes < 20) return 'malformed';
  if (at + headerBytes > packet.end) return 'truncated';
  const available = packet.end - at + packet.cutBytes;
  // Zero where the network card was to split the segment and fill it in.
  const announced = view.getUint16(at + 2);
  const total = announced === 0 ? available : announced;
  if (total < headerBytes) return 'malformed';
  packet.version = 4;
  packet.source0 = 0;
  packet.source1 = 0;
  packet.source2 = 0xffff;
  packet.source3 = view.getInt32(at + 12);
  packet.destination0 = 0;
  packet.destination1 = 0;
  packet.destination2 = 0xffff;
  packet.destination3 = view.getInt32(at + 16);
  packet.protocol = view.getUint8(at + 9);
  setPayload(packet, at, headerBytes, total, available);
  const fragment = view.getUint16(at + 6);
  const isFragment = (fragment & 0x3fff) !== 0;
  if (isFragment) {
    place.id = view.getUint16(at + 4);
    place.offset = (fragment & 0x1fff) * 8;
    place.hasMore = (fragment & 0x2000) !== 0;
  }
  if (!isIntact(sumBytes(view, at, at + headerBytes))) return 'checksum';
  return isFragment ? 'fragment' : 'whole';
}

const maxExtensions = 16;
const hopByHop = 0;
const routing = 43;
const fragmentHeader = 44;
const authentication = 51;
const destinationOptions = 60;
const mobility = 135;

/** Reads the IPv6 header at `at` with its extension headers (RFC 8200). */
export function readIpv6(packet: Packet, at: number, place: FragmentPlace): IpResult {
  const { view } = packet;
  if (at + 40 > packet.end) return 'truncated';
  if (view.getUint8(at) >>> 4 !== 6) return 'malformed';
  const available = packet.end - at + packet.cutBytes;
  const announced = view.getUint16(at + 4);
  const total = announced === 0 ? available : announced + 40;
  packet.version = 6;
  packet.source0 = view.getInt32(at + 8);
  packet.source1 = view.getInt32(at + 12);
  packet.source2 = view.getInt32(at + 16);
  packet.source3 = view.getInt32(at + 20);
  packet.destination0 = view.getInt32(at + 24);
  packet.destination1 = view.getInt32(at + 28);
  packet.destination2 = view.getInt32(at + 32);
  packet.destination3 = view.getInt32(at + 36);
  return readExtensions(packet, at, total, available, place);
}

function readExtensions(packet: Packet, at: number, total: number, available: number, place: FragmentPlace): IpResult {
  const { view } = packet;
  const end = Math.min(packet.end, at + total);
  let next = view.getUint8(at + 6);
  let offset = at + 40;
  let isFragment = false;
  for (let left = maxExtensions; left > 0; left--) {
    if (next === hopByHop || next === routing || next === destinationOptions || next === mobility) {
      if (offset + 8 > end) return 'truncated';
      next = view.getUint8(offset);
      offset += 8 + view.getUint8(offset + 1) * 8;
    } else if (next === authentication) {
      if (offset + 8 > end) return 'truncated';
      next = view.getUint8(offset);
      offset += (view.getUint8(offset + 1) + 2) * 4;
    } else if (next === fragmentHeader && !isFragment) {
      if (offset + 8 > end) return 'truncated';
      const word = view.getUint16(offset + 2);
      next = view.getUint8(offset);
      place.id = view.getInt32(offset + 4);
      place.offset = word & 0xfff8;
      place.hasMore = (word & 1) === 1;
      offset += 8;
      // A fragment that is whole (RFC 6946) needs no other.
      isFragment = place.offset !== 0 || place.hasMore;
      if (isFragment && place.offset !== 0) break;
    } else {
      break;
    }
    if (offset > end) return 'truncated';
  }
  packet.protocol = next;
  setPayload(packet, at, offset - at, total, available);
  return isFragment ? 'fragment' : 'whole';
}

function setPayload(packet: Packet, at: number, headerBytes: number, total: number, available: number): void {
  packet.ipBytes = total;
  packet.payloadAt = at + headerBytes;
  packet.payloadBytes = total - headerBytes;
  // Ethernet fills short frames up; what lies beyond the IP packet is not part of it.
  packet.payloadEnd = Math.min(packet.end, at + Math.min(total, available));
}
