import { addWord32, isIntact, sumBytes } from './checksum.ts';
import type { Packet } from './packet.ts';

/** Checks the checksum of TCP, UDP and ICMPv6 over the payload and the pseudo header (RFC 9293, 3.1; RFC 8200, 8.1). The payload must be whole. */
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
