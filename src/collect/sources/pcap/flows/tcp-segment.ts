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
