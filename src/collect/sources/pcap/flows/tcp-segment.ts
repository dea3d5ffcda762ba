import { addWord32, isIntact, sumBytes } from '../layers/checksum.ts';
import type { Packet } from '../layers/packet.ts';

export const flagFin = 1;
export const flagSyn = 2;
export const flagRst = 4;
export const flagAck = 16;

/** The TCP header of a packet (RFC 9293). One object, used again for each. */
export class TcpSegment {
  sourcePort = 0;
  destinationPort = 0;
  /** 32 bits, signed. */
  sequence = 0;
  ack = 0;
  flags = 0;
  window = 0;
  /** Payload: offset and captured end in the packet's bytes, and length on the wire. */
  dataAt = 0;
  dataEnd = 0;
  dataBytes = 0;
  /** Offset of the header, and of its end. */
  headerAt = 0;

  /** False when the header is cut or contradicts itself. */
  read(packet: Packet): boolean {
    const { view, payloadAt: at, payloadEnd: end } = packet;
    if (at + 20 > end || packet.payloadBytes < 20) return false;
    this.sourcePort = view.getUint16(at);
    this.destinationPort = view.getUint16(at + 2);
    this.sequence = view.getInt32(at + 4);
    this.ack = view.getInt32(at + 8);
    const word = view.getUint16(at + 12);
    this.flags = word & 0xff;
    this.window = view.getUint16(at + 14);
    const headerBytes = (word >>> 12) * 4;
    if (headerBytes < 20 || headerBytes > packet.payloadBytes) return false;
    this.headerAt = at;
    this.dataAt = Math.min(at + headerBytes, end);
    this.dataEnd = end;
    this.dataBytes = packet.payloadBytes - headerBytes;
    return at + headerBytes <= end;
  }

  /** Shift of the window scale option, at most 14 (RFC 7323); -1 when there is none. */
  windowScale(view: DataView): number {
    for (let at = this.headerAt + 20; at < this.dataAt;) {
      const kind = view.getUint8(at);
      if (kind === 0) return -1;
      if (kind === 1) {
        at++;
        continue;
      }
      const length = at + 1 < this.dataAt ? view.getUint8(at + 1) : 0;
      if (length < 2 || at + length > this.dataAt) return -1;
      if (kind === 3 && length === 3) return Math.min(14, view.getUint8(at + 2));
      at += length;
    }
    return -1;
  }
}

/** Checks TCP, UDP or ICMPv6, which sum a pseudo header up too. The packet must be whole. */
export function hasValidChecksum(packet: Packet): boolean {
  let sum = packet.protocol << 8;
  const length = packet.payloadBytes;
  sum += ((length & 0xff) << 8) | ((length >>> 8) & 0xff);
  sum = addWord32(sum, packet.source3);
  sum = addWord32(sum, packet.destination3);
  if (packet.version === 6) {
    sum = addWord32(addWord32(addWord32(sum, packet.source0), packet.source1), packet.source2);
    sum = addWord32(addWord32(addWord32(sum, packet.destination0), packet.destination1), packet.destination2);
  }
  return isIntact(sumBytes(packet.view, packet.payloadAt, packet.payloadAt + length, sum));
}

/** Checks ICMP, which has no pseudo header in IPv4. */
export function hasValidPlainChecksum(packet: Packet): boolean {
  return isIntact(sumBytes(packet.view, packet.payloadAt, packet.payloadAt + packet.payloadBytes));
}
