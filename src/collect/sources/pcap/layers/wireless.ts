import { noTypeControl, noTypeTruncated, readLlc } from './ethernet.ts';
import type { Packet } from './packet.ts';

/** An 802.11 frame behind a radiotap header. */
export function readRadiotap(packet: Packet, at: number): void {
  if (at + 4 > packet.end) packet.etherType = noTypeTruncated;
  else readWireless(packet, at + packet.view.getUint16(at + 2, true));
}

/** An 802.11 data frame (IEEE 802.11-2020, 9.3.2); management, control and encrypted frames carry nothing to read. */
export function readWireless(packet: Packet, at: number): void {
  const { view } = packet;
  if (at + 24 > packet.end) {
    packet.etherType = at + 2 <= packet.end && (view.getUint8(at) & 0x0c) !== 0x08 ? noTypeControl : noTypeTruncated;
    return;
  }
  const frameControl = view.getUint8(at);
  const flags = view.getUint8(at + 1);
  const subtype = frameControl >>> 4;
  const isData = (frameControl & 0x0c) === 0x08 && (subtype & 4) === 0;
  const isProtected = (flags & 0x40) !== 0;
  if (!isData || isProtected) {
    packet.etherType = noTypeControl;
    return;
  }
  const toDs = (flags & 1) !== 0;
  const fromDs = (flags & 2) !== 0;
  packet.linkView = view;
  packet.destinationMacAt = toDs ? at + 16 : at + 4;
  packet.sourceMacAt = sourceMacAt(at, toDs, fromDs);
  const isQos = (subtype & 8) !== 0;
  const isAggregate = isQos && at + 26 + (toDs && fromDs ? 6 : 0) <= packet.end && isAmsdu(view, at, toDs && fromDs);
  let offset = at + 24;
  if (toDs && fromDs) offset += 6;
  if (isQos) offset += (flags & 0x80) !== 0 ? 6 : 2;
  // The first subframe of an aggregate has its own addresses and length before it.
  if (isAggregate) offset += 14;
  readLlc(packet, offset);
}

function sourceMacAt(at: number, toDs: boolean, fromDs: boolean): number {
  if (!fromDs) return at + 10;
  return toDs ? at + 24 : at + 16;
}

function isAmsdu(view: DataView, at: number, hasFourthAddress: boolean): boolean {
  return (view.getUint8(at + (hasFourthAddress ? 30 : 24)) & 0x80) !== 0;
}
