import { etherIpv4, etherIpv6, noTypeControl, noTypeTruncated, readEthernet, readPpp, readTyped } from './ethernet.ts';
import { isCertainIpAt, readLikelyIp } from './inner-ip.ts';
import { ipInPlainEsp } from './ipsec.ts';
import { l2tpFrameAt, protocolL2tp, readL2tp, readL2tpFrame } from './l2tp.ts';
import { readRaw } from './link.ts';
import type { Packet } from './packet.ts';
import { readWireless } from './wireless.ts';

const protocolIpip = 4;
const protocolIpv6 = 41;

/** A tunnel over UDP, told by the responder's port. `service` is Zeek's name. */
export interface UdpTunnel {
  readonly service: string;
  /** Zeek's `Tunnel::Type`. */
  readonly type: string;
  /** Takes the tunnel's header at `at` apart into `inner`; false when it is none. */
  read(inner: Packet, at: number): boolean;
}

/** Those without a name in Zeek are called after their RFC. */
const vxlan: UdpTunnel = { service: 'vxlan', type: 'Tunnel::VXLAN', read: readVxlan };

export const udpTunnels: ReadonlyMap<number, UdpTunnel> = new Map([
  [4789, vxlan],
  [8472, vxlan],
  [6081, { service: 'geneve', type: 'Tunnel::GENEVE', read: readGeneve }],
  [2152, { service: 'gtpv1', type: 'Tunnel::GTPv1', read: readGtp }],
  [5072, { service: 'ayiya', type: 'Tunnel::AYIYA', read: readAyiya }],
  [3544, { service: 'teredo', type: 'Tunnel::TEREDO', read: readTeredo }],
  [1701, { service: 'l2tp', type: 'Tunnel::L2TP', read: readL2tp }],
  [4500, { service: 'ipsec', type: 'Tunnel::IPSEC', read: readUdpEsp }],
  [4790, { service: 'vxlan_gpe', type: 'Tunnel::VXLAN_GPE', read: readVxlanGpe }],
  [4754, { service: 'gre', type: 'Tunnel::GRE', read: readUdpGre }],
  [6080, { service: 'gue', type: 'Tunnel::GUE', read: readGue }],
  [5555, { service: 'fou', type: 'Tunnel::FOU', read: readFou }],
  [6635, { service: 'mpls', type: 'Tunnel::MPLS', read: readUdpMpls }],
  [4341, { service: 'lisp', type: 'Tunnel::LISP', read: (inner, at) => readLikelyIp(inner, at + 8) }],
]);

/** RFC 7348. */
function readVxlan(inner: Packet, at: number): boolean {
  if (at + 8 > inner.end || (inner.view.getUint8(at) & 0x08) === 0) return false;
  readEthernet(inner, at + 8);
  return true;
}

/** draft-ietf-nvo3-vxlan-gpe, 3: the protocol stands where VXLAN has zeros. */
function readVxlanGpe(inner: Packet, at: number): boolean {
  if (at + 8 > inner.end || (inner.view.getUint8(at) & 0xcc) !== 0x0c) return false;
  const next = inner.view.getUint8(at + 3);
  if (next === 1 || next === 2) return readLikelyIp(inner, at + 8);
  if (next === 3) readEthernet(inner, at + 8);
  return next === 3;
}

/** Without encryption only (RFC 3948). Keys are exchanged at the same port, behind four zeros. */
function readUdpEsp(inner: Packet, at: number): boolean {
  if (at + 8 > inner.end || inner.cutBytes > 0 || inner.view.getUint32(at) === 0) return false;
  const ip = ipInPlainEsp(inner, at, inner.end);
  return ip >= 0 && readLikelyIp(inner, ip);
}

/** RFC 8086. */
function readUdpGre(inner: Packet, at: number): boolean {
  if (at + 4 > inner.end || (inner.view.getUint16(at) & 0x4fff) !== 0) return false;
  readGre(inner, at);
  return inner.etherType > 0;
}

/** RFC 7510. */
function readUdpMpls(inner: Packet, at: number): boolean {
  readTyped(inner, 0x8847, at);
  return inner.etherType > 0;
}

/** draft-ietf-intarea-gue, 3: a header with the number of an IP protocol, or version 1, an IP packet by itself. */
function readGue(inner: Packet, at: number): boolean {
  if (at + 4 > inner.end) return false;
  const first = inner.view.getUint8(at);
  if (first >>> 6 === 1) return readLikelyIp(inner, at);
  const isData = (first & 0xe0) === 0;
  const next = inner.view.getUint8(at + 1);
  const isIp = next === protocolIpip || next === protocolIpv6;
  return isData && isIp && readLikelyIp(inner, at + 4 + (first & 31) * 4);
}

/**
 * An IP packet, or GRE with one, directly in UDP: Linux's FOU, at the port that its manual names. Nothing marks it, so that the packet has to fill the
 * datagram, and its sum has to be right.
 */
function readFou(inner: Packet, at: number): boolean {
  if (readUdpGre(inner, at)) {
    const isIp = inner.etherType === etherIpv4 || inner.etherType === etherIpv6;
    return isIp && isCertainIpAt(inner, inner.networkAt);
  }
  return isCertainIpAt(inner, at) && readLikelyIp(inner, at);
}

/** RFC 8926. */
function readGeneve(inner: Packet, at: number): boolean {
  if (at + 8 > inner.end) return false;
  const first = inner.view.getUint8(at);
  if (first >>> 6 !== 0) return false;
  readTyped(inner, inner.view.getUint16(at + 2), at + 8 + (first & 0x3f) * 4);
  return true;
}

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

/** True for a packet of a protocol over IP that carries whole packets. */
export function isIpTunnel(packet: Packet): boolean {
  switch (packet.protocol) {
    case protocolIpip:
    case protocolIpv6:
    case protocolGre:
    case protocolEtherIp:
    case protocolMpls:
      return true;
    case protocolL2tp:
      return l2tpFrameAt(packet, packet.payloadAt, packet.payloadEnd) >= 0;
    default:
      return false;
  }
}

/** Zeek's `Tunnel::Type` of an IP tunnel. */
export function ipTunnelType(protocol: number): string {
  if (protocol === protocolL2tp) return 'Tunnel::L2TP';
  return protocol === protocolGre ? 'Tunnel::GRE' : 'Tunnel::IP';
}

/** Takes apart what an IP tunnel carries at `at`; `inner.etherType` tells what it is. */
export function readIpTunnel(inner: Packet, protocol: number, at: number): void {
  if (protocol === protocolGre) readGre(inner, at);
  else if (protocol === protocolEtherIp) readEthernet(inner, at + 2);
  else if (protocol === protocolMpls) readTyped(inner, 0x8847, at);
  else if (protocol === protocolL2tp) readL2tpFrame(inner, l2tpFrameAt(inner, at, inner.end));
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
