import { isIntact, sumBytes } from './checksum.ts';
import type { Packet } from './packet.ts';
import { hasValidChecksum, hasValidPlainChecksum } from './transport-checksum.ts';

export const protocolEsp = 50;
export const protocolAh = 51;
const protocolIcmp = 1;
const protocolIpip = 4;
const protocolTcp = 6;
const protocolUdp = 17;
const protocolIpv6 = 41;
const protocolIcmpv6 = 58;

/** Headers inside each other beyond this are an attack on the reader. */
const maxHeaders = 4;
/** Lengths of the integrity check value behind the trailer, the most usual first (RFC 4868, 4106, 2404). */
const icvLengths = [12, 16, 8, 24, 32, 0];
const espHeaderBytes = 8;

/** Goes to what stands behind headers of IPsec: AH, which hides nothing, and ESP without encryption. Everything else stays as it is. */
export function passIpsec(packet: Packet): void {
  for (let left = maxHeaders; left > 0; left--) {
    const isPassed =
      packet.protocol === protocolAh ? passAh(packet) : packet.protocol === protocolEsp && passEsp(packet);
    if (!isPassed) return;
  }
}

/** RFC 4302, 2. */
function passAh(packet: Packet): boolean {
  const { view, payloadAt: at, payloadEnd: end } = packet;
  if (at + 12 > end) return false;
  const bytes = (view.getUint8(at + 1) + 2) * 4;
  if (bytes < 12 || bytes > packet.payloadBytes) return false;
  const next = view.getUint8(at);
  setPayload(packet, next, at + bytes, packet.payloadBytes - bytes);
  return true;
}

/**
 * ESP tells nowhere whether it encrypts: with NULL encryption (RFC 2410) its trailer and the checksum of what is carried can be read, which
 * random bytes have by chance once in 2^30 packets (RFC 5879 does alike).
 */
function passEsp(packet: Packet): boolean {
  if (!packet.isWhole) return false;
  const { protocol, payloadAt, payloadBytes, payloadEnd } = packet;
  const end = payloadAt + payloadBytes;
  for (const icvBytes of icvLengths) {
    const length = plainEspBytes(packet, payloadAt, end - icvBytes);
    if (length <= 0) continue;
    setPayload(packet, packet.view.getUint8(end - icvBytes - 1), payloadAt + espHeaderBytes, length);
    packet.payloadEnd = packet.payloadAt + length;
    if (isCarried(packet)) return true;
    packet.protocol = protocol;
    packet.payloadAt = payloadAt;
    packet.payloadBytes = payloadBytes;
    packet.payloadEnd = payloadEnd;
  }
  return false;
}

/** Where a whole IP packet begins in ESP without encryption that stands at `at`, up to `end`; -1 where there is none. */
export function ipInPlainEsp(packet: Packet, at: number, end: number): number {
  for (const icvBytes of icvLengths) {
    const length = plainEspBytes(packet, at, end - icvBytes);
    if (length <= 0) continue;
    const next = packet.view.getUint8(end - icvBytes - 1);
    if (isIpOf(packet.view, next, at + espHeaderBytes, length)) return at + espHeaderBytes;
  }
  return -1;
}

/** Bytes that are carried when the trailer, padding with its length and the next header, ends at `end`; -1 when there is none there. */
function plainEspBytes({ view }: Packet, at: number, end: number): number {
  const paddingEnd = end - 2;
  if (paddingEnd < at + espHeaderBytes) return -1;
  const padding = view.getUint8(paddingEnd);
  const length = paddingEnd - padding - at - espHeaderBytes;
  if (length <= 0) return -1;
  // 1, 2, 3 … (RFC 4303, 2.4).
  for (let index = 0; index < padding; index++) {
    if (view.getUint8(paddingEnd - padding + index) !== ((index + 1) & 255)) return -1;
  }
  return length;
}

/** True when the protocol, length and checksums are those of what is carried. */
function isCarried(packet: Packet): boolean {
  const { protocol, payloadAt, payloadBytes, version, view } = packet;
  if (protocol === protocolIpip || protocol === protocolIpv6) return isIpOf(view, protocol, payloadAt, payloadBytes);
  if (protocol === protocolIcmp && version === 4) return hasValidPlainChecksum(packet);
  const hasSum = protocol === protocolTcp || protocol === protocolUdp || protocol === protocolIcmpv6;
  return hasSum && payloadBytes >= 8 && hasValidChecksum(packet);
}

function isIpOf(view: DataView, protocol: number, at: number, bytes: number): boolean {
  if (protocol === protocolIpip) {
    if (bytes < 20 || view.getUint8(at) >>> 4 !== 4 || view.getUint16(at + 2) !== bytes) return false;
    const headerBytes = (view.getUint8(at) & 15) * 4;
    return headerBytes >= 20 && headerBytes <= bytes && isIntact(sumBytes(view, at, at + headerBytes));
  }
  const isVersion6 = protocol === protocolIpv6 && bytes >= 40 && view.getUint8(at) >>> 4 === 6;
  return isVersion6 && view.getUint16(at + 4) + 40 === bytes;
}

function setPayload(packet: Packet, protocol: number, at: number, bytes: number): void {
  packet.protocol = protocol;
  packet.payloadAt = Math.min(at, packet.payloadEnd);
  packet.payloadBytes = bytes;
}
