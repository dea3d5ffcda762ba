import type { Packet } from '../layers/packet.ts';
import { Endpoint } from './endpoint.ts';

/** What reads the payload of a connection; told in `sessions/`. Times and packets stand in the shared clock. */
export interface PayloadReader {
  data(isOrig: boolean, bytes: Uint8Array, start: number, end: number): void;
  gap(isOrig: boolean, length: number): void;
  endOfStream(isOrig: boolean): void;
  close(): void;
}

export const transportTcp = 6;
export const transportUdp = 17;
export const transportIcmp = 1;
export const transportIcmpv6 = 58;
export const transportSctp = 132;

/** Names that a flow is joined to: its services, and the tunnels that it ran in. */
const maxNames = 8;
const none: readonly string[] = [];

/** One connection or flow. Made for each, kept until it ends; nothing is made for each packet. */
export class Flow {
  // What every packet touches stands first: V8 keeps fields in this order, and memory is what costs here. All begin as numbers:
  // a field that begins undefined never holds a number in place, and every new time would be an object.
  readonly hash: number = 0;
  readonly protocol: number = 0;
  origPort = 0;
  respPort = 0;
  orig3 = 0;
  resp3 = 0;
  orig2 = 0;
  resp2 = 0;
  orig1 = 0;
  resp1 = 0;
  orig0 = 0;
  resp0 = 0;
  lastTime = 0;
  /** When a closed connection, and an attempt without an answer, are given up; -1 for never. */
  closeAt = -1;
  attemptUntil = -1;
  orig = new Endpoint();
  resp = new Endpoint();
  reader: PayloadReader | undefined = undefined;
  /** Node of the history tree, and which letters stand in it (Zeek's masks: responder in the upper half). */
  history = 0;
  historySeen = 0;
  origSeen = false;
  respSeen = false;
  isPartial = false;
  /** Its payload is read by nobody. */
  isUnread = false;
  /** ICMP without an answer of its own kind: the sides are never exchanged. */
  readonly isOneWay: boolean = false;

  readonly startTime: number = 0;
  /** Number of its first packet. */
  readonly packet: number = 0;
  /** Counts the flows of a capture in the order in which they began. */
  serial = 0;
  readonly vlan: number = 0;
  /** Link-layer addresses: upper 16 bits and lower 32; both 0 for none. */
  origMacHigh = 0;
  origMacLow = 0;
  respMacHigh = 0;
  respMacLow = 0;
  closeDeferred = false;
  /** Ended: no longer in the table. */
  isGone = false;
  inactivityMicros = 0;
  /** When one side closed; -1 for never. */
  partialCloseAt = -1;
  services: readonly string[] = none;
  /** Another part of the capture tells it; it is followed for what it says about others. */
  isFollowed = false;
  /** IP packets were seen inside. */
  isTunnel = false;
  tunnelParents: readonly string[] = none;
  uid = '';
  /** The same for both directions, so that exchanged sides do not change it. */
  communityId = '';

  constructor(packet: Packet, sourcePort: number, destinationPort: number, hash: number, isOneWay: boolean) {
    this.hash = hash;
    this.protocol = packet.protocol;
    this.startTime = packet.time;
    this.lastTime = packet.time;
    this.packet = packet.number;
    this.vlan = packet.vlan;
    this.orig0 = packet.source0;
    this.orig1 = packet.source1;
    this.orig2 = packet.source2;
    this.orig3 = packet.source3;
    this.resp0 = packet.destination0;
    this.resp1 = packet.destination1;
    this.resp2 = packet.destination2;
    this.resp3 = packet.destination3;
    this.origPort = sourcePort;
    this.respPort = destinationPort;
    this.isOneWay = isOneWay;
    if (packet.sourceMacAt >= 0) {
      this.origMacHigh = packet.linkView.getUint16(packet.sourceMacAt);
      this.origMacLow = packet.linkView.getInt32(packet.sourceMacAt + 2);
    }
    if (packet.destinationMacAt >= 0) {
      this.respMacHigh = packet.linkView.getUint16(packet.destinationMacAt);
      this.respMacLow = packet.linkView.getInt32(packet.destinationMacAt + 2);
    }
    if (packet.tunnelParents.length > 0) this.tunnelParents = packet.tunnelParents.slice(0, 1);
  }

  isFromOrig(packet: Packet, sourcePort: number): boolean {
    return (
      sourcePort === this.origPort &&
      packet.source3 === this.orig3 &&
      packet.source2 === this.orig2 &&
      packet.source1 === this.orig1 &&
      packet.source0 === this.orig0
    );
  }

  /** True for a packet of this flow, in either direction. */
  holds(packet: Packet, sourcePort: number, destinationPort: number): boolean {
    if (packet.protocol !== this.protocol) return false;
    if (this.isFromOrig(packet, sourcePort) && destinationPort === this.respPort) {
      return (
        packet.destination3 === this.resp3 &&
        packet.destination2 === this.resp2 &&
        packet.destination1 === this.resp1 &&
        packet.destination0 === this.resp0
      );
    }
    return (
      !this.isOneWay &&
      sourcePort === this.respPort &&
      destinationPort === this.origPort &&
      packet.source3 === this.resp3 &&
      packet.source2 === this.resp2 &&
      packet.source1 === this.resp1 &&
      packet.source0 === this.resp0 &&
      packet.destination3 === this.orig3 &&
      packet.destination2 === this.orig2 &&
      packet.destination1 === this.orig1 &&
      packet.destination0 === this.orig0
    );
  }

  addService(name: string): void {
    if (!this.services.includes(name) && this.services.length < maxNames) this.services = [...this.services, name];
  }

  removeService(name: string): void {
    this.services = this.services.filter((service) => service !== name);
  }

  addTunnelParents(parents: readonly string[]): void {
    const [innermost] = parents;
    if (innermost === undefined || this.tunnelParents.includes(innermost)) return;
    if (this.tunnelParents.length < maxNames) this.tunnelParents = [...this.tunnelParents, innermost];
  }

  /** Exchanges originator and responder. */
  flip(): void {
    [this.orig0, this.resp0] = [this.resp0, this.orig0];
    [this.orig1, this.resp1] = [this.resp1, this.orig1];
    [this.orig2, this.resp2] = [this.resp2, this.orig2];
    [this.orig3, this.resp3] = [this.resp3, this.orig3];
    [this.origPort, this.respPort] = [this.respPort, this.origPort];
    [this.origMacHigh, this.respMacHigh] = [this.respMacHigh, this.origMacHigh];
    [this.origMacLow, this.respMacLow] = [this.respMacLow, this.origMacLow];
    [this.orig, this.resp] = [this.resp, this.orig];
    [this.origSeen, this.respSeen] = [this.respSeen, this.origSeen];
  }
}
