import type { Packet } from './packet.ts';

export const etherIpv4 = 0x0800;
export const etherIpv6 = 0x86dd;
/** Values beside the 16-bit types: why there is no type. */
export const noTypeTruncated = -1;
export const noTypeUnknownLink = -2;
/** A frame that carries no protocol data: management and control frames, spanning tree, padding. */
export const noTypeControl = -3;
/** Added to the protocol ids under Cisco's SNAP OUI. */
export const ciscoType = 0x1_0000;

const maxTags = 16;
/** Frames and packets of PPP inside each other below one IP header; the network of a provider has three at most. */
const maxNesting = 8;

/** Cisco's FabricPath: two addresses of switches, this type, and a tag. */
const typeFabricPath = 0x8903;
const fabricPathBytes = 16;

/** Takes an Ethernet header at `at` apart, with VLAN tags, MPLS labels and PPPoE below it. */
export function readEthernet(packet: Packet, at: number, nesting = 0): void {
  if (nesting > maxNesting) {
    packet.etherType = noTypeUnknownLink;
    return;
  }
  if (at + 14 > packet.end) {
    packet.etherType = noTypeTruncated;
    return;
  }
  const type = packet.view.getUint16(at + 12);
  if (type === typeFabricPath) {
    // A switch has put a header of its own before the frame.
    readEthernet(packet, at + fabricPathBytes, nesting + 1);
    return;
  }
  packet.linkView = packet.view;
  packet.destinationMacAt = at;
  packet.sourceMacAt = at + 6;
  if (type >= 0x600) readTyped(packet, type, at + 14, nesting);
  else readLlc(packet, at + 14, nesting);
}

/** Goes through whatever stands between a type field and the network layer. */
export function readTyped(packet: Packet, type: number, at: number, nesting = 0): void {
  let etherType = type;
  let offset = at;
  for (let left = maxTags; left > 0; left--) {
    packet.etherType = etherType;
    packet.networkAt = offset;
    if (isVlan(etherType)) {
      if (offset + 4 > packet.end) break;
      if (packet.vlan < 0) packet.vlan = packet.view.getUint16(offset) & 0xfff;
      etherType = packet.view.getUint16(offset + 2);
      offset += 4;
      if (etherType < 0x600) {
        readLlc(packet, offset, nesting);
        return;
      }
    } else if (etherType === 0x8847 || etherType === 0x8848) {
      readMpls(packet, offset, left, nesting);
      return;
    } else if (etherType === 0x8864) {
      readPpp(packet, offset + 6, nesting + 1);
      return;
    } else if (etherType === 0x6558 || etherType === 0x88e7) {
      // Bridged Ethernet; a provider backbone has its instance tag before it.
      readEthernet(packet, etherType === 0x88e7 ? offset + 4 : offset, nesting + 1);
      return;
    } else {
      const tagBytes = rareTagBytes(packet, etherType, offset);
      if (tagBytes === 0) return;
      if (offset + tagBytes > packet.end) break;
      etherType = packet.view.getUint16(offset + tagBytes - 2);
      offset += tagBytes;
    }
  }
  packet.etherType = noTypeTruncated;
}

const typeVnTag = 0x8926;
const typeETag = 0x893f;
const typeMacsec = 0x88e5;

/**
 * Bytes of a tag of other kinds up to and with the type behind it; 0 where there is none, or where what follows is encrypted: Cisco's VN-Tag, the
 * E-Tag of 802.1BR, and MACsec (802.1AE, 9.3) that only protects.
 */
function rareTagBytes(packet: Packet, etherType: number, at: number): number {
  if (etherType === typeVnTag) return 6;
  if (etherType === typeETag) return 8;
  if (etherType !== typeMacsec || at >= packet.end) return 0;
  const control = packet.view.getUint8(at);
  if ((control & 0x0c) !== 0) return 0;
  return (control & 0x20) === 0 ? 8 : 16;
}

function isVlan(type: number): boolean {
  return type === 0x8100 || type === 0x88a8 || type === 0x9100 || type === 0x9200 || type === 0x9300;
}

/** What is below the last label has no type: IP tells itself by its version, Ethernet by the zeros of its control word. */
function readMpls(packet: Packet, start: number, labels: number, nesting: number): void {
  let at = start;
  for (let left = labels; left > 0 && at + 5 <= packet.end; left--) {
    const isBottom = (packet.view.getUint8(at + 2) & 1) === 1;
    at += 4;
    if (!isBottom) continue;
    const version = packet.view.getUint8(at) >>> 4;
    packet.networkAt = at;
    if (version === 4) packet.etherType = etherIpv4;
    else if (version === 6) packet.etherType = etherIpv6;
    else if (version === 0) readEthernet(packet, at + 4, nesting + 1);
    else packet.etherType = noTypeControl;
    return;
  }
  packet.etherType = noTypeTruncated;
}

/** An 802.3 frame: IP only behind a SNAP header (RFC 1042). */
export function readLlc(packet: Packet, at: number, nesting = 0): void {
  packet.networkAt = at;
  if (nesting > maxNesting) {
    packet.etherType = noTypeUnknownLink;
    return;
  }
  if (at + 3 > packet.end) {
    packet.etherType = noTypeTruncated;
    return;
  }
  packet.etherType = noTypeControl;
  const { view } = packet;
  const isSnap = view.getUint16(at) === 0xaaaa && view.getUint8(at + 2) === 3 && at + 8 <= packet.end;
  if (isSnap) {
    const oui = view.getUint32(at + 2) & 0xff_ffff;
    const type = view.getUint16(at + 6);
    if (oui === 0 || oui === 0x00_00f8) readTyped(packet, type, at + 8, nesting + 1);
    else if (oui === 0x00_000c) {
      packet.etherType = ciscoType + type;
      packet.networkAt = at + 8;
    }
  } else if (view.getUint16(at) === 0x0606) {
    packet.etherType = etherIpv4;
    packet.networkAt = at + 3;
  }
}

/** PPP protocol number to EtherType. */
function pppType(protocol: number): number {
  if (protocol === 0x0021) return etherIpv4;
  if (protocol === 0x0057) return etherIpv6;
  if (protocol === 0x0281) return 0x8847;
  return noTypeControl;
}

/** PPP at `at`, with or without the address and control bytes of HDLC, its protocol field of one or two bytes. */
export function readPpp(packet: Packet, at: number, nesting = 0): void {
  if (nesting > maxNesting) {
    packet.etherType = noTypeUnknownLink;
    return;
  }
  let offset = at;
  if (offset + 2 <= packet.end && packet.view.getUint16(offset) === 0xff03) offset += 2;
  if (offset + 2 > packet.end) {
    packet.etherType = noTypeTruncated;
    return;
  }
  const first = packet.view.getUint8(offset);
  const isShort = (first & 1) === 1;
  const protocol = isShort ? first : packet.view.getUint16(offset);
  readTyped(packet, pppType(protocol), offset + (isShort ? 1 : 2), nesting);
}
