import {
  etherIpv4,
  etherIpv6,
  noTypeControl,
  noTypeTruncated,
  noTypeUnknownLink,
  readEthernet,
  readLlc,
  readPpp,
  readTyped,
} from './ethernet.ts';
import type { Packet } from './packet.ts';
import { readRadiotap, readWireless } from './wireless.ts';

/** Takes the link layer at an offset apart: sets `etherType` and `networkAt`, addresses and VLAN. */
type LinkReader = (packet: Packet, at: number) => void;

/** By LINKTYPE_ value (https://www.tcpdump.org/linktypes.html). */
const linkReaders: ReadonlyMap<number, LinkReader> = new Map<number, LinkReader>([
  [0, (packet, at) => readLoopback(packet, at, true)],
  [1, readEthernet],
  [9, readPpp],
  [12, readRaw],
  [14, readRaw],
  [50, readPpp],
  [51, (packet, at) => readTyped(packet, 0x8864, at)],
  [101, readRaw],
  [104, readCiscoHdlc],
  [105, readWireless],
  [108, (packet, at) => readLoopback(packet, at, false)],
  [109, readEnc],
  [113, readCooked],
  [117, readPflog],
  [119, (packet, at) => readWireless(packet, at + 144)],
  [127, readRadiotap],
  [163, readAvs],
  [166, readPpp],
  [192, readPpi],
  [204, (packet, at) => readPpp(packet, at + 1)],
  [228, (packet, at) => readAs(packet, etherIpv4, at)],
  [229, (packet, at) => readAs(packet, etherIpv6, at)],
  [239, readNflog],
  [276, readCooked2],
]);

/** What reads frames of a link type; for one that is not known, what says so. */
export function linkReaderOf(linkType: number): LinkReader {
  return linkReaders.get(linkType) ?? readUnknown;
}

function readUnknown(packet: Packet): void {
  packet.etherType = noTypeUnknownLink;
}

function readAs(packet: Packet, etherType: number, at: number): void {
  packet.etherType = etherType;
  packet.networkAt = at;
}

/** IP without a link layer tells its version itself. */
export function readRaw(packet: Packet, at: number): void {
  if (at >= packet.end) {
    packet.etherType = noTypeTruncated;
    return;
  }
  const version = packet.view.getUint8(at) >>> 4;
  packet.networkAt = at;
  if (version === 4) packet.etherType = etherIpv4;
  else packet.etherType = version === 6 ? etherIpv6 : noTypeControl;
}

/** Four bytes of address family, in the byte order of the capturing host (`isHostOrder`) or of the network. */
function readLoopback(packet: Packet, at: number, isHostOrder: boolean): void {
  if (at + 4 > packet.end) {
    packet.etherType = noTypeTruncated;
    return;
  }
  const big = packet.view.getUint32(at);
  const family = isHostOrder && big > 0xffff ? packet.view.getUint32(at, true) : big;
  packet.networkAt = at + 4;
  if (family === 2) packet.etherType = etherIpv4;
  else packet.etherType = family === 10 || family === 24 || family === 28 || family === 30 ? etherIpv6 : noTypeControl;
}

/** Linux cooked capture, version 1. */
function readCooked(packet: Packet, at: number): void {
  if (at + 16 > packet.end) {
    packet.etherType = noTypeTruncated;
    return;
  }
  if (packet.view.getUint16(at + 4) === 6) {
    packet.linkView = packet.view;
    packet.sourceMacAt = at + 6;
  }
  readCookedType(packet, packet.view.getUint16(at + 14), at + 16);
}

/** Linux cooked capture, version 2. */
function readCooked2(packet: Packet, at: number): void {
  if (at + 20 > packet.end) {
    packet.etherType = noTypeTruncated;
    return;
  }
  if (packet.view.getUint8(at + 11) === 6) {
    packet.linkView = packet.view;
    packet.sourceMacAt = at + 12;
  }
  readCookedType(packet, packet.view.getUint16(at), at + 20);
}

function readCookedType(packet: Packet, type: number, at: number): void {
  if (type >= 0x600) readTyped(packet, type, at);
  else if (type === 4) readLlc(packet, at);
  else packet.etherType = noTypeControl;
}

function readCiscoHdlc(packet: Packet, at: number): void {
  if (at + 4 > packet.end) packet.etherType = noTypeTruncated;
  else readTyped(packet, packet.view.getUint16(at + 2), at + 4);
}

/** OpenBSD's decrypted IPsec interface: family, SPI, flags. */
function readEnc(packet: Packet, at: number): void {
  if (at + 12 > packet.end) packet.etherType = noTypeTruncated;
  else readRaw(packet, at + 12);
}

/** OpenBSD's firewall log: a header whose first byte is its length, filled up to four bytes. */
function readPflog(packet: Packet, at: number): void {
  if (at + 4 > packet.end) packet.etherType = noTypeTruncated;
  else readRaw(packet, at + ((packet.view.getUint8(at) + 3) & ~3));
}

function readAvs(packet: Packet, at: number): void {
  if (at + 8 > packet.end) packet.etherType = noTypeTruncated;
  else readWireless(packet, at + Math.min(packet.view.getUint32(at + 4), 4096));
}

/** Per-packet information: the link type of what follows stands in its header. */
function readPpi(packet: Packet, at: number): void {
  if (at + 8 > packet.end) {
    packet.etherType = noTypeTruncated;
    return;
  }
  const linkType = packet.view.getUint32(at + 4, true);
  if (linkType === 192) packet.etherType = noTypeUnknownLink;
  else linkReaderOf(linkType)(packet, at + packet.view.getUint16(at + 2, true));
}

/** Netfilter log: records of length and type; the packet is the payload record. */
function readNflog(packet: Packet, at: number): void {
  const { view } = packet;
  packet.etherType = noTypeTruncated;
  for (let offset = at + 4, left = 64; left > 0 && offset + 4 <= packet.end; left--) {
    const length = view.getUint16(offset, true);
    const type = view.getUint16(offset + 2, true) & 0x7fff;
    if (type === 9) {
      readRaw(packet, offset + 4);
      return;
    }
    if (length < 4) return;
    offset += (length + 3) & ~3;
  }
}
