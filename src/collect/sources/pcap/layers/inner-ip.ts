import { etherIpv4, etherIpv6 } from './ethernet.ts';
import type { Packet } from './packet.ts';

/**
 * Takes what begins at `at` as an IP packet, where it looks like one: version, header length, and a length that does not go beyond what was
 * carried. For encapsulations whose headers prove little.
 */
export function readLikelyIp(inner: Packet, at: number): boolean {
  const etherType = likelyIpAt(inner, at);
  if (etherType === 0) return false;
  inner.etherType = etherType;
  inner.networkAt = at;
  return true;
}

/** EtherType of the IP packet that seems to begin there; 0 for none. */
export function likelyIpAt({ view, end, cutBytes }: Packet, at: number): number {
  if (at + 20 > end) return 0;
  const first = view.getUint8(at);
  const carried = end + cutBytes - at;
  if (first >>> 4 === 4) {
    const headerBytes = (first & 15) * 4;
    const total = view.getUint16(at + 2);
    return headerBytes >= 20 && total >= headerBytes && total <= carried ? etherIpv4 : 0;
  }
  const isVersion6 = first >>> 4 === 6 && at + 40 <= end && view.getUint16(at + 4) + 40 <= carried;
  return isVersion6 ? etherIpv6 : 0;
}
