import { isIntact, sumBytes } from './checksum.ts';
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

/** True for an IP packet that is as long as what was carried, with a right sum of its header; IPv6 has none. For what nothing else tells apart from any bytes. */
export function isCertainIpAt(inner: Packet, at: number): boolean {
  const { view, end, cutBytes } = inner;
  const carried = end + cutBytes - at;
  switch (likelyIpAt(inner, at)) {
    case etherIpv4: {
      const headerEnd = at + (view.getUint8(at) & 15) * 4;
      return view.getUint16(at + 2) === carried && headerEnd <= end && isIntact(sumBytes(view, at, headerEnd));
    }
    case etherIpv6:
      return view.getUint16(at + 4) + 40 === carried;
    default:
      return false;
  }
}
