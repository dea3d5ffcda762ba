import { etherIpv4, etherIpv6, noTypeControl, noTypeTruncated, readEthernet, readPpp, readTyped } from './ethernet.ts';
import { readRaw } from './link.ts';
import type { Packet } from './packet.ts';
import { readWireless } from './wireless.ts';

/** A tunnel over UDP, told by the responder's port. `service` is Zeek's name. */
export interface UdpTunnel {
  readonly service: string;
  /** Zeek's `Tunnel::Type`. */
  readonly type: string;
  /** Takes the tunnel's header at `at` apart into `inner`; false when it is none. */
  read(inner: Packet, at: number): boolean;
}

const vxlan: UdpTunnel = { service: 'vxlan', type: 'Tunnel::VXLAN', read: readVxlan };

export const udpTunnels: ReadonlyMap<number, UdpTunnel> = new Map([
  [4789, vxlan],
  [8472, vxlan],
  [6081, { service: 'geneve', type: 'Tunnel::GENEVE', read: readGeneve }],
  [2152, { service: 'gtpv1', type: 'Tunnel::GTPv1', read: readGtp }],
  [5072, { service: 'ayiya', type: 'Tunnel::AYIYA', read: readAyiya }],
  [3544, { service: 'teredo', type: 'Tunnel::TEREDO', read: readTeredo }],
]);

/** RFC 7348. */
function readVxlan(inner: Packet, at: number): boolean {
  if (at + 8 > inner.end || (inner.view.getUint8(at) & 0x08) === 0) return false;
  readEthernet(inner, at + 8);
  return true;
}

/** RFC 8926. */
function readGeneve(inner: Packet, at: number): boolean {
  if (at + 8 > inner.end) return false;
  const first = inner.view.getUint8(at);
  if (first >>> 6 !== 0) return false;
  readTyped(inner, inner.view.getUint16(at + 2), at + 8 + (first & 0x3f) * 4);
  return true;
}

const protocolIpip = 4;
const protocolIpv6 = 41;
const gtpUserData = 255;

/** GTP-U version 1 (3GPP TS 29.281, 5.1): user data only. */
function readGtp(inner: Packet, at: number): boolean {
  const { view } = inner;
  if (at + 8 > inner.end) return false;
  const flags = view.getUint8(at);
  if (flags >>> 4 !== 3 || view.getUint8(at + 1) !== gtpUserData) return false;
  let offset = at + 8;
  if ((flags & 7) !== 0) {
    offset += 4;
    if (offset > inner.end) return false;
    let next = (flags & 4) === 0 ? 0 : view.getUint8(offset - 1);
    for (let left = 16; next !== 0; left--) {
      const length = offset < inner.end ? view.getUint8(offset) * 4 : 0;
      if (length === 0 || offset + length > inner.end || left === 0) return false;
      offset += length;
      next = view.getUint8(offset - 1);
    }
  }
  readRaw(inner, offset);
  return true;
}

/** RFC 4380: IPv6 behind optional authentication and origin indications. */
function readTeredo(inner: Packet, at: number): boolean {
  const { view } = inner;
  let offset = at;
  if (offset + 4 <= inner.end && view.getUint16(offset) === 1) {
    offset += 13 + view.getUint8(offset + 2) + view.getUint8(offset + 3);
  }
  if (offset + 8 <= inner.end && view.getUint16(offset) === 0) offset += 8;
  if (offset + 40 > inner.end || view.getUint8(offset) >>> 4 !== 6) return false;
  inner.etherType = etherIpv6;
  inner.networkAt = offset;
  return true;
}

const ayiyaForward = 1;

/** AYIYA (draft-massar-v6ops-ayiya-02): identity and signature of so many bytes each, then a whole packet. */
function readAyiya(inner: Packet, at: number): boolean {
  if (at + 8 > inner.end) return false;
  const { view } = inner;
  const identityBytes = 1 << (view.getUint8(at) >>> 4);
  const signatureBytes = (view.getUint8(at + 1) >>> 4) * 4;
  const next = view.getUint8(at + 3);
  const isWhole = next === protocolIpip || next === protocolIpv6;
  if ((view.getUint8(at + 2) & 0x0f) !== ayiyaForward || !isWhole) return false;
  const offset = at + 8 + identityBytes + signatureBytes;
  if (offset + 20 > inner.end || view.getUint8(offset) >>> 4 !== (next === protocolIpv6 ? 6 : 4)) return false;
  inner.etherType = next === protocolIpv6 ? etherIpv6 : etherIpv4;
  inner.networkAt = offset;
  return true;
}

const protocolGre = 47;
const protocolEtherIp = 97;
const protocolMpls = 137;

/** True for a protocol over IP that carries whole packets. */
export function isIpTunnel(protocol: number): boolean {
  return (
    protocol === protocolIpip ||
    protocol === protocolIpv6 ||
    protocol === protocolGre ||
    protocol === protocolEtherIp ||
    protocol === protocolMpls
  );
}

/** Zeek's `Tunnel::Type` of an IP tunnel. */
export function ipTunnelType(protocol: number): string {
  return protocol === protocolGre ? 'Tunnel::GRE' : 'Tunnel::IP';
}

/** Takes apart what an IP tunnel carries at `at`; `inner.etherType` tells what it is. */
export function readIpTunnel(inner: Packet, protocol: number, at: number): void {
  if (protocol === protocolGre) readGre(inner, at);
  else if (protocol === protocolEtherIp) readEthernet(inner, at + 2);
  else if (protocol === protocolMpls) readTyped(inner, 0x8847, at);
  else {
    inner.etherType = protocol === protocolIpip ? etherIpv4 : etherIpv6;
    inner.networkAt = at;
  }
}

/** GRE (RFC 2784, 2890), its PPTP variant (RFC 2637), ERSPAN. */
function readGre(inner: Packet, at: number): void {
  const { view } = inner;
  inner.etherType = noTypeTruncated;
  if (at + 4 > inner.end) return;
  const flags = view.getUint16(at);
  const type = view.getUint16(at + 2);
  const version = flags & 7;
  const hasSequence = (flags & 0x1000) !== 0;
  let offset = at + 4;
  if ((flags & 0xc000) !== 0) offset += 4;
  if ((flags & 0x2000) !== 0) offset += 4;
  if (hasSequence) offset += 4;
  if (version === 1 && (flags & 0x80) !== 0) offset += 4;
  // Source routes are obsolete (RFC 2784, 5.2), and version 1 without PPP does not exist.
  if ((flags & 0x4000) !== 0 || version > 1 || (version === 1 && type !== 0x880b)) inner.etherType = noTypeControl;
  else if (version === 1 || type === 0x880b) {
    // An acknowledgement alone carries nothing.
    if (version === 1 && !hasSequence) inner.etherType = noTypeControl;
    else readPpp(inner, offset);
  } else if (type === 0x88be) readEthernet(inner, hasSequence ? offset + 8 : offset);
  else if (type === 0x22eb) readErspan3(inner, offset);
  else if (type === 0x8200) readWireless(inner, offset);
  else readTyped(inner, type, offset);
}

function readErspan3(inner: Packet, at: number): void {
  if (at + 12 > inner.end) return;
  const hasSubheader = (inner.view.getUint8(at + 11) & 1) === 1;
  readEthernet(inner, at + (hasSubheader ? 20 : 12));
}
