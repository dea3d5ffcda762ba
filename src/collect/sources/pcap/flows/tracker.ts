import { addressText, type Packet } from '../layers/packet.ts';
import type { FragmentEnds } from '../layers/fragments.ts';
import type { PacketSink, TunnelContent } from '../layers/dissector.ts';
import { hasValidChecksum, hasValidPlainChecksum } from '../layers/transport-checksum.ts';
import { ipTunnelType, udpTunnels, type UdpTunnel } from '../layers/tunnels.ts';
import type { Share } from '../parts/share.ts';
import type { Tally } from '../tally.ts';
import type { Endpoint } from './endpoint.ts';
import {
  Flow,
  transportIcmp,
  transportIcmpv6,
  transportSctp,
  transportTcp,
  transportUdp,
  type PayloadReader,
} from './flow.ts';
import { FlowTable, hashOf } from './flow-table.ts';
import { HistoryTree } from './history.ts';
import { icmpCounterpart } from './icmp.ts';
import { origAddress, respAddress } from './record.ts';
import { isLikelyTcpServer, isLikelyUdpServer } from './server-ports.ts';
import { TcpTracker } from './tcp.ts';
import { flagAck, flagSyn, TcpSegment } from './tcp-segment.ts';
import { deadlineOf, mayBeOver, timeouts, TimerWheel } from './timers.ts';
import { uidOf } from './uid.ts';

/**
 * What becomes of TCP, UDP and ICMP packets whose checksum does not hold: `drop` as a receiver would (Zeek's default), `accept`
 * (Zeek's `-C`), or `auto`: accepted from a side that never sent a right one, because its network card fills them in after the
 * capture, or in a packet that a card has put together from several; dropped otherwise.
 */
export type ChecksumPolicy = 'auto' | 'drop' | 'accept';

/** A tunnel between two addresses, as Zeek's tunnel.log tells it; ports are 0 for tunnels over IP. */
export interface Tunnel {
  readonly type: string;
  readonly action: 'Tunnel::DISCOVER' | 'Tunnel::CLOSE';
  readonly uid: string;
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly destinationIp: string;
  readonly destinationPort: number;
}

export interface TrackerOptions {
  /** Told of every packet that belongs to a flow. */
  readonly onPacket?: ((flow: Flow) => void) | undefined;
  /** Which flows are followed; all of them without it. */
  readonly share?: Share | undefined;
}

export interface FlowHandler {
  /** The first payload of a flow comes: who reads it; undefined for nobody. */
  open(flow: Flow): PayloadReader | undefined;
  /** The flow is over. */
  ended(flow: Flow): void;
  /** A tunnel was seen for the first time, or ends with its flow. */
  tunnel(tunnel: Tunnel): void;
  link(packet: Packet): void;
  /** Goes into what a UDP tunnel carries: an IP packet, a frame of something else, or nothing that can be read. */
  inner(packet: Packet, tunnel: UdpTunnel, at: number, uid: string, depth: number): TunnelContent;
}

/** Flows that are followed at once; beyond, the one that was begun first is ended. */
const maxFlows = 1_000_000;
const maxTunnels = 65_536;
/** What all streams together may hold behind holes. */
const maxHeldBytes = 256 * 1024 * 1024;
/** Longer ones were put together by a network card, which leaves their checksum as it was. */
const maxPacketBytes = 1500;

const seenOrigData = 1;
const seenRespData = 1 << 16;
const letterUpperD = 'D'.charCodeAt(0);
const letterLowerD = 'd'.charCodeAt(0);
const letterFlip = '^'.charCodeAt(0);

/** Follows flows from packets: finds each packet's flow, keeps its numbers, and ends it when Zeek would. */
export class FlowTracker implements PacketSink {
  readonly histories = new HistoryTree();
  readonly #handler: FlowHandler;
  readonly #onPacket: ((flow: Flow) => void) | undefined;
  readonly #share: Share | undefined;
  readonly #maxFlows: number;
  readonly #tally: Tally;
  readonly #checksums: ChecksumPolicy;
  readonly #table = new FlowTable();
  readonly #timers = new TimerWheel((flow) => this.#end(flow));
  readonly #tcp: TcpTracker;
  readonly #segment = new TcpSegment();
  readonly #tunnels = new Map<string, string>();
  #begun = 0;

  constructor(handler: FlowHandler, tally: Tally, checksums: ChecksumPolicy, options: TrackerOptions = {}) {
    const { onPacket, share } = options;
    this.#onPacket = onPacket;
    this.#share = share;
    this.#maxFlows = Math.ceil(maxFlows / (share?.parts ?? 1));
    this.#tcp = new TcpTracker(this.histories, maxHeldBytes / (share?.parts ?? 1));
    this.#handler = handler;
    this.#tally = tally;
    this.#checksums = checksums;
  }

  /** Ends what is over by now; called before each packet. */
  advance(time: number): void {
    this.#timers.advance(time);
  }

  ip(packet: Packet, depth: number): void {
    switch (packet.protocol) {
      case transportTcp:
        this.#tcpPacket(packet);
        return;
      case transportUdp:
        this.#udpPacket(packet, depth);
        return;
      case transportIcmp:
      case transportIcmpv6:
        this.#icmpPacket(packet);
        return;
      default:
        this.#otherPacket(packet);
    }
  }

  link(packet: Packet): void {
    if (this.#share?.isFirst !== false) this.#handler.link(packet);
  }

  tunnel(packet: Packet): string {
    const sourceIp = addressText(packet.source0, packet.source1, packet.source2, packet.source3);
    const destinationIp = addressText(
      packet.destination0,
      packet.destination1,
      packet.destination2,
      packet.destination3,
    );
    const key = sourceIp < destinationIp ? `${sourceIp} ${destinationIp}` : `${destinationIp} ${sourceIp}`;
    const known = this.#tunnels.get(key);
    if (known !== undefined) return known;
    if (this.#tunnels.size >= maxTunnels) this.#tunnels.clear();
    const uid = uidOf('C', [packet.time, packet.number, packet.source3, packet.destination3, packet.protocol]);
    this.#tunnels.set(key, uid);
    const type = ipTunnelType(packet.protocol);
    const ends = { sourceIp, sourcePort: 0, destinationIp, destinationPort: 0 };
    if (this.#share?.isFirst !== false) this.#handler.tunnel({ type, action: 'Tunnel::DISCOVER', uid, ...ends });
    return uid;
  }

  /** The open flow between these ends, where there is one. */
  openFlow({ packet, sourcePort, destinationPort }: FragmentEnds): Flow | undefined {
    return this.#table.find(packet, sourcePort, destinationPort, hashOf(packet, sourcePort, destinationPort));
  }

  /** Ends every flow, in the order in which they began. */
  finish(): void {
    for (const flow of this.#table.all().sort((a, b) => a.serial - b.serial)) this.#end(flow);
  }

  flip(flow: Flow): void {
    flow.flip();
    flow.history = this.histories.add(flow.history, letterFlip);
  }

  #tcpPacket(packet: Packet): void {
    const segment = this.#segment;
    if (!segment.read(packet)) {
      this.#truncated(packet, 'a TCP header');
      return;
    }
    const { sourcePort, destinationPort } = segment;
    if (this.#share?.follows(packet, sourcePort, destinationPort) === false) return;
    const hash = hashOf(packet, sourcePort, destinationPort);
    let flow = this.#find(packet, sourcePort, destinationPort, hash);
    if (flow !== undefined && this.#tcp.isReuse(flow, segment)) {
      this.#end(flow);
      flow = undefined;
    }
    flow ??= this.#begin(packet, sourcePort, destinationPort, hash, wantsTcpFlip(segment), false);
    this.#onPacket?.(flow);
    const isOrig = flow.isFromOrig(packet, sourcePort);
    const endpoint = isOrig ? flow.orig : flow.resp;
    if (!this.#accepts(packet, endpoint, hasValidChecksum)) {
      this.#tcp.badChecksum(flow, isOrig);
      return;
    }
    endpoint.packets++;
    endpoint.ipBytes += packet.ipBytes;
    if (segment.dataBytes > 0 && flow.reader === undefined && !flow.isUnread) this.#open(flow);
    this.#tcp.segment(flow, isOrig, segment, packet);
  }

  #udpPacket(packet: Packet, depth: number): void {
    const { view, payloadAt: at, payloadEnd: end } = packet;
    if (at + 8 > end) {
      this.#truncated(packet, 'a UDP header');
      return;
    }
    const sourcePort = view.getUint16(at);
    const destinationPort = view.getUint16(at + 2);
    if (this.#share?.follows(packet, sourcePort, destinationPort) === false) return;
    const flow = this.#datagramFlow(packet, sourcePort, destinationPort, wantsUdpFlip(sourcePort, destinationPort));
    const isOrig = flow.isFromOrig(packet, sourcePort);
    const endpoint = isOrig ? flow.orig : flow.resp;
    endpoint.packets++;
    endpoint.ipBytes += packet.ipBytes;
    const hasChecksum = view.getUint16(at + 6) !== 0;
    if (hasChecksum && !this.#accepts(packet, endpoint, hasValidChecksum)) {
      this.#tcp.badChecksum(flow, isOrig);
      return;
    }
    flow.lastTime = packet.time;
    const announced = view.getUint16(at + 4);
    const length = Math.max(0, (announced === 0 ? packet.payloadBytes : announced) - 8);
    endpoint.payloadBytes = Math.max(0, endpoint.payloadBytes) + length;
    this.#seeData(flow, isOrig);
    const tunnel = udpTunnels.get(flow.respPort);
    const content = tunnel === undefined ? 'none' : this.#handler.inner(packet, tunnel, at + 8, this.uid(flow), depth);
    if (tunnel !== undefined && content !== 'none') {
      if (content === 'ip' && !flow.isTunnel) this.#tellTunnel(flow, tunnel, 'Tunnel::DISCOVER');
      flow.isTunnel ||= content === 'ip';
      flow.addService(tunnel.service);
      return;
    }
    const wireBytes = Math.min(length, packet.payloadBytes - 8);
    this.#deliver(flow, isOrig, packet.bytes, at + 8, Math.min(end, at + 8 + wireBytes), wireBytes);
  }

  #icmpPacket(packet: Packet): void {
    const { view, payloadAt: at } = packet;
    if (at + 8 > packet.payloadEnd) {
      this.#truncated(packet, 'an ICMP header');
      return;
    }
    if (this.#share?.owns(packet, 0, 0) === false) return;
    const isVersion6 = packet.protocol === transportIcmpv6;
    const type = view.getUint8(at);
    const counterpart = icmpCounterpart(type, isVersion6);
    const other = counterpart ?? view.getUint8(at + 1);
    const hash = hashOf(packet, type, other);
    const flow =
      this.#find(packet, type, other, hash) ?? this.#begin(packet, type, other, hash, false, counterpart === undefined);
    this.#onPacket?.(flow);
    const isOrig = flow.isFromOrig(packet, type);
    const endpoint = isOrig ? flow.orig : flow.resp;
    endpoint.packets++;
    endpoint.ipBytes += packet.ipBytes;
    if (!this.#accepts(packet, endpoint, isVersion6 ? hasValidChecksum : hasValidPlainChecksum)) return;
    flow.lastTime = packet.time;
    const wireBytes = Math.max(0, packet.payloadBytes - 8);
    endpoint.payloadBytes = Math.max(0, endpoint.payloadBytes) + wireBytes;
    this.#deliver(flow, isOrig, packet.bytes, at + 8, packet.payloadEnd, wireBytes);
  }

  /** SCTP has ports where UDP has them; of other protocols the addresses are all there is. */
  #otherPacket(packet: Packet): void {
    const hasPorts = packet.protocol === transportSctp && packet.payloadAt + 12 <= packet.payloadEnd;
    const sourcePort = hasPorts ? packet.view.getUint16(packet.payloadAt) : 0;
    const destinationPort = hasPorts ? packet.view.getUint16(packet.payloadAt + 2) : 0;
    if (this.#share?.owns(packet, sourcePort, destinationPort) === false) return;
    const flow = this.#datagramFlow(packet, sourcePort, destinationPort, false);
    const endpoint = flow.isFromOrig(packet, sourcePort) ? flow.orig : flow.resp;
    endpoint.packets++;
    endpoint.ipBytes += packet.ipBytes;
    endpoint.payloadBytes = Math.max(0, endpoint.payloadBytes) + packet.payloadBytes - (hasPorts ? 12 : 0);
    flow.lastTime = packet.time;
  }

  #datagramFlow(packet: Packet, sourcePort: number, destinationPort: number, wantsFlip: boolean): Flow {
    const hash = hashOf(packet, sourcePort, destinationPort);
    const flow =
      this.#find(packet, sourcePort, destinationPort, hash) ??
      this.#begin(packet, sourcePort, destinationPort, hash, wantsFlip, false);
    this.#onPacket?.(flow);
    return flow;
  }

  /** The open flow of the packet; one whose time has run out is ended first. */
  #find(packet: Packet, sourcePort: number, destinationPort: number, hash: number): Flow | undefined {
    const flow = this.#table.find(packet, sourcePort, destinationPort, hash);
    if (flow === undefined) return undefined;
    if (mayBeOver(flow, packet.time) && deadlineOf(flow) <= packet.time) {
      this.#end(flow);
      return undefined;
    }
    if (packet.tunnelParents.length > 0) flow.addTunnelParents(packet.tunnelParents);
    return flow;
  }

  #begin(
    packet: Packet,
    sourcePort: number,
    destinationPort: number,
    hash: number,
    wantsFlip: boolean,
    isOneWay: boolean,
  ): Flow {
    if (this.#table.size >= this.#maxFlows) this.#makeRoom();
    const flow = new Flow(packet, sourcePort, destinationPort, hash, isOneWay);
    flow.serial = ++this.#begun;
    flow.inactivityMicros = timeouts.datagram;
    flow.isFollowed = this.#share?.owns(packet, sourcePort, destinationPort) === false;
    // Nobody opens a connection from the broadcast address.
    if (wantsFlip && packet.destination3 !== -1) this.flip(flow);
    this.#table.add(flow);
    this.#timers.add(flow);
    return flow;
  }

  #makeRoom(): void {
    this.#tally.add('limit-reached', 'too many flows at once; all open ones were ended early', 0);
    this.finish();
  }

  #end(flow: Flow): void {
    if (flow.isGone) return;
    flow.isGone = true;
    this.#table.remove(flow);
    if (flow.protocol === transportTcp) this.#tcp.finish(flow);
    flow.reader?.close();
    flow.reader = undefined;
    const tunnel = flow.isTunnel ? udpTunnels.get(flow.respPort) : undefined;
    if (tunnel !== undefined) this.#tellTunnel(flow, tunnel, 'Tunnel::CLOSE');
    if (!flow.isFollowed) this.#handler.ended(flow);
  }

  #tellTunnel(flow: Flow, { type }: UdpTunnel, action: Tunnel['action']): void {
    if (flow.isFollowed) return;
    const ends = { sourceIp: origAddress(flow), sourcePort: flow.origPort };
    const others = { destinationIp: respAddress(flow), destinationPort: flow.respPort };
    this.#handler.tunnel({ type, action, uid: this.uid(flow), ...ends, ...others });
  }

  /** Sums a packet up only where something depends on it: every byte of it is read for that. */
  #accepts(packet: Packet, endpoint: Endpoint, isValid: (packet: Packet) => boolean): boolean {
    if (this.#checksums === 'accept' || !packet.isWhole) return true;
    if (isValid(packet)) {
      endpoint.hasValidChecksum = true;
      return true;
    }
    return this.#checksums === 'auto' && (!endpoint.hasValidChecksum || packet.ipBytes > maxPacketBytes);
  }

  #seeData(flow: Flow, isOrig: boolean): void {
    const bit = isOrig ? seenOrigData : seenRespData;
    if ((flow.historySeen & bit) !== 0) return;
    flow.historySeen |= bit;
    flow.history = this.histories.add(flow.history, isOrig ? letterUpperD : letterLowerD);
  }

  #deliver(flow: Flow, isOrig: boolean, bytes: Uint8Array, from: number, to: number, wireBytes: number): void {
    if (wireBytes <= 0) return;
    if (flow.reader === undefined) {
      if (flow.isUnread) return;
      this.#open(flow);
    }
    if (to > from) flow.reader?.data(isOrig, bytes, from, to);
    if (to - from < wireBytes) flow.reader?.gap(isOrig, wireBytes - Math.max(0, to - from));
  }

  #open(flow: Flow): void {
    flow.reader = this.#handler.open(flow);
    if (flow.reader === undefined) flow.isUnread = true;
  }

  /** Zeek's uid of a flow, made when it is first asked for. */
  uid(flow: Flow): string {
    if (flow.uid === '') {
      flow.uid = uidOf('C', [
        flow.startTime,
        flow.packet,
        flow.protocol,
        flow.orig0 ^ flow.resp0,
        flow.orig1 ^ flow.resp1,
        flow.orig2 ^ flow.resp2,
        flow.orig3 + flow.resp3,
        flow.origPort + flow.respPort,
      ]);
    }
    return flow.uid;
  }

  #truncated(packet: Packet, what: string): void {
    const isCut = !packet.isWhole;
    if (this.#share?.owns(packet, 0, 0) === false) return;
    const message = isCut ? `${what} is cut by the snapshot length` : `${what} is malformed`;
    this.#tally.add(isCut ? 'partly-seen' : 'bad-record', message, packet.number);
  }
}

/** A connection that begins without a SYN: whose port is a server's has not opened it. */
function wantsTcpFlip({ flags, sourcePort, destinationPort }: TcpSegment): boolean {
  const hasSyn = (flags & flagSyn) !== 0;
  if (hasSyn && (flags & flagAck) === 0) return false;
  if (!isLikelyTcpServer(sourcePort)) return false;
  if (!isLikelyTcpServer(destinationPort)) return true;
  return !hasSyn && sourcePort < destinationPort;
}

function wantsUdpFlip(sourcePort: number, destinationPort: number): boolean {
  return isLikelyUdpServer(sourcePort) && !isLikelyUdpServer(destinationPort);
}
