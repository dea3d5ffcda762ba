import { readEthernet, readPpp } from './ethernet.ts';
import { likelyIpAt } from './inner-ip.ts';
import type { Packet } from './packet.ts';

/** L2TP version 3 over IP. */
export const protocolL2tp = 115;

const flagControl = 0x8000;
const flagLength = 0x4000;
const flagSequence = 0x0800;
const flagOffset = 0x0200;
/** Bits of the first two bytes that are zero in data of version 2. */
const reserved = 0x34f0;

/** Data of L2TP over UDP, version 2 (RFC 2661, 3.1) and 3 (RFC 3931, 4.1.2); false for control messages, which set sessions up. */
export function readL2tp(inner: Packet, at: number): boolean {
  if (at + 6 > inner.end) return false;
  const flags = inner.view.getUint16(at);
  if ((flags & flagControl) !== 0) return false;
  const version = flags & 15;
  if (version === 2 && (flags & reserved) === 0) return readVersion2(inner, at, flags);
  if (version !== 3 || at + 8 > inner.end) return false;
  const frameAt = l2tpFrameAt(inner, at + 4, inner.end);
  if (frameAt < 0) return false;
  readL2tpFrame(inner, frameAt);
  return true;
}

function readVersion2(inner: Packet, start: number, flags: number): boolean {
  const { view } = inner;
  let at = start + 2;
  if ((flags & flagLength) !== 0) {
    inner.end = Math.min(inner.end, start + view.getUint16(at));
    at += 2;
  }
  // Numbers of tunnel and session.
  at += 4;
  if ((flags & flagSequence) !== 0) at += 4;
  if ((flags & flagOffset) !== 0) {
    if (at + 2 > inner.end) return false;
    at += 2 + view.getUint16(at);
  }
  if (at + 3 > inner.end) return false;
  readPpp(inner, at);
  return true;
}

/**
 * Where the frame begins behind a session's number at `at` (RFC 3931, 4.1); -1 where none is found, and for control messages, whose session is 0. The
 * ends of a session have agreed on the length of a cookie, and on whether a sublayer follows it: packets do not tell, so that what looks like a frame is looked for.
 */
export function l2tpFrameAt(packet: Packet, at: number, end: number): number {
  if (at + 4 > end || packet.view.getUint32(at) === 0) return -1;
  for (let frameAt = at + 4; frameAt <= at + 16; frameAt += 4) {
    if (isFrame(packet, frameAt, end)) return frameAt;
  }
  return -1;
}

/** The frame found by `l2tpFrameAt`. */
export function readL2tpFrame(inner: Packet, at: number): void {
  if (isPpp(inner, at, inner.end)) readPpp(inner, at);
  else readEthernet(inner, at);
}

function isFrame(packet: Packet, at: number, end: number): boolean {
  return isPpp(packet, at, end) || isEthernet(packet, at, end);
}

/** PPP with the header of HDLC, and IP in it. */
function isPpp(packet: Packet, at: number, end: number): boolean {
  if (at + 4 > end || packet.view.getUint16(at) !== 0xff03) return false;
  const protocol = packet.view.getUint16(at + 2);
  return (protocol === 0x0021 || protocol === 0x0057) && likelyIpAt(packet, at + 4) !== 0;
}

/** Ethernet with IP or ARP in it, behind a VLAN tag or not. */
function isEthernet(packet: Packet, at: number, end: number): boolean {
  const { view } = packet;
  if (at + 22 > end) return false;
  const isTagged = view.getUint16(at + 12) === 0x8100;
  const typeAt = isTagged ? at + 16 : at + 12;
  const type = view.getUint16(typeAt);
  if (type === 0x0806) return view.getUint32(typeAt + 2) === 0x0001_0800;
  return (type === 0x0800 || type === 0x86dd) && likelyIpAt(packet, typeAt + 2) === type;
}
