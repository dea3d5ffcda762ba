import type { Frame } from '../files/frame.ts';
import type { Tally } from '../tally.ts';
import { ciscoType, etherIpv4, etherIpv6, noTypeControl, noTypeTruncated } from './ethernet.ts';
import { FragmentTable, type AbandonedFragments } from './fragments.ts';
import { FragmentPlace, readIpv4, readIpv6, type IpResult } from './ip.ts';
import { passIpsec, protocolAh, protocolEsp } from './ipsec.ts';
import { linkReaderOf } from './link.ts';
import { noFrames, Packet } from './packet.ts';
import { isIpTunnel, readIpTunnel, type UdpTunnel } from './tunnels.ts';

/** What the dissector hands on. The packet is valid during the call. */
export interface PacketSink {
  /** An IP packet, put together from its fragments. */
  ip(packet: Packet, depth: number): void;
  /** A frame of another network protocol: `packet.etherType`, above 0xffff for Cisco's SNAP protocols. */
  link(packet: Packet): void;
  /** The uid of an IP tunnel that the packet shows. */
  tunnel(packet: Packet): string;
}

/** What a tunnel's packet holds. */
export type TunnelContent = 'none' | 'ip' | 'other';

export interface DissectorOptions {
  readonly acceptsBadIpChecksum: boolean;
  /** Somebody asks which frames brought the fragments of a packet: `earlierFrames`, `isHeld` and `takeAbandoned` tell it. */
  readonly watchesFragments?: boolean;
}

/** Tunnels in tunnels beyond this are an attack on the reader. */
const maxDepth = 8;

/** Takes frames apart down to IP packets, through tunnels. */
export class Dissector {
  readonly #sink: PacketSink;
  readonly #tally: Tally;
  readonly #packets = Array.from({ length: maxDepth + 1 }, () => new Packet());
  readonly #place = new FragmentPlace();
  readonly #fragments: FragmentTable;
  /** Frames before the last one that brought fragments of what it made whole. */
  earlierFrames = noFrames;
  /** The last frame brought a fragment of a packet that is not whole yet. */
  isHeld = false;
  readonly #acceptsBadIpChecksum: boolean;
  /** Of the last frame: nearly always that of all. */
  #linkType = 1;
  #readLink = linkReaderOf(1);
  #badChecksums = 0;
  #goodChecksums = 0;

  constructor(sink: PacketSink, tally: Tally, options: DissectorOptions) {
    this.#fragments = new FragmentTable(options.watchesFragments);
    this.#sink = sink;
    this.#tally = tally;
    this.#acceptsBadIpChecksum = options.acceptsBadIpChecksum;
  }

  frame(frame: Frame, number: number): void {
    const packet = this.#packets[0] ?? new Packet();
    packet.bytes = frame.bytes;
    packet.view = frame.view;
    packet.time = frame.time;
    packet.number = number;
    packet.end = frame.end;
    packet.cutBytes = Math.max(0, frame.wireBytes - (frame.end - frame.start));
    packet.vlan = -1;
    packet.sourceMacAt = -1;
    packet.destinationMacAt = -1;
    packet.tunnelParents = noTunnels;
    packet.earlierFrames = noFrames;
    this.earlierFrames = noFrames;
    this.isHeld = false;
    if (frame.linkType !== this.#linkType) {
      this.#linkType = frame.linkType;
      this.#readLink = linkReaderOf(frame.linkType);
    }
    this.#readLink(packet, frame.start);
    this.#network(packet, 0);
  }

  /** Goes into what a UDP tunnel carries: `none` when the bytes are not what its port promises. */
  udpTunnel(outer: Packet, tunnel: UdpTunnel, at: number, uid: string, depth: number): TunnelContent {
    const inner = this.#inner(outer, uid, depth);
    if (inner === undefined || !tunnel.read(inner, at)) return 'none';
    const isIp = inner.etherType === etherIpv4 || inner.etherType === etherIpv6;
    this.#network(inner, depth + 1);
    return isIp ? 'ip' : 'other';
  }

  /** Gives fragments up that wait for longer than a receiver waits, at `time` in µs; without it, all that wait. */
  expireFragments(time?: number): void {
    this.#fragments.expire(time);
  }

  /** Fragments that were given up since the last time. */
  takeAbandoned(): readonly AbandonedFragments[] {
    return this.#fragments.takeAbandoned();
  }

  finish(): void {
    const incomplete = this.#fragments.pending + this.#fragments.abandoned;
    if (incomplete === 0) return;
    this.#tally.add('partly-seen', 'a fragmented packet is not complete', this.#packets[0]?.number ?? 0, incomplete);
  }

  #network(packet: Packet, depth: number): void {
    const { etherType } = packet;
    if (etherType === etherIpv4) this.#ip(packet, readIpv4(packet, packet.networkAt, this.#place), depth);
    else if (etherType === etherIpv6) this.#ip(packet, readIpv6(packet, packet.networkAt, this.#place), depth);
    else if (etherType === noTypeTruncated) {
      this.#tally.add('partly-seen', 'a frame ends within its link layer', packet.number);
    } else if (etherType >= 0 && etherType < 2 * ciscoType) {
      if (packet.networkAt <= packet.end) this.#sink.link(packet);
    } else if (etherType !== noTypeControl) {
      this.#tally.add('unsupported', 'a frame has a link layer that is not read', packet.number);
    }
  }

  #ip(packet: Packet, result: IpResult, depth: number): void {
    if (result === 'truncated' || result === 'malformed') {
      const isCut = result === 'truncated' && packet.cutBytes > 0;
      this.#tally.add(isCut ? 'partly-seen' : 'bad-record', `an IP header is ${result}`, packet.number);
      return;
    }
    if (result === 'checksum' && !this.#acceptsChecksum()) {
      this.#tally.add('bad-record', 'an IP header has a wrong checksum; the packet was dropped', packet.number);
      return;
    }
    if (result !== 'checksum') this.#goodChecksums++;
    const isFragment = result === 'fragment' || (result === 'checksum' && isFragmented(packet));
    if (isFragment) {
      if (!packet.isWhole) {
        this.#tally.add('partly-seen', 'a fragment is cut by the snapshot length', packet.number);
        return;
      }
      this.isHeld = !this.#fragments.add(packet, this.#place);
      if (this.isHeld) return;
      this.earlierFrames = packet.earlierFrames;
    }
    if (packet.protocol === protocolAh || packet.protocol === protocolEsp) passIpsec(packet);
    if (isIpTunnel(packet)) this.#ipTunnel(packet, depth);
    else this.#sink.ip(packet, depth);
  }

  /** Captures that were rewritten have wrong checksums throughout; a few wrong ones are not for the receiver to see. */
  #acceptsChecksum(): boolean {
    this.#badChecksums++;
    return this.#acceptsBadIpChecksum || this.#badChecksums > this.#goodChecksums / 8;
  }

  #ipTunnel(outer: Packet, depth: number): void {
    const inner = this.#inner(outer, this.#sink.tunnel(outer), depth);
    if (inner === undefined) return;
    readIpTunnel(inner, outer.protocol, outer.payloadAt);
    this.#network(inner, depth + 1);
  }

  #inner(outer: Packet, uid: string, depth: number): Packet | undefined {
    const inner = this.#packets[depth + 1];
    if (inner === undefined) {
      this.#tally.add('limit-reached', 'tunnels are nested too deep; the inner one was not read', outer.number);
      return undefined;
    }
    inner.inherit(outer);
    inner.end = outer.payloadEnd;
    inner.cutBytes = Math.max(0, outer.payloadBytes - (outer.payloadEnd - outer.payloadAt));
    inner.tunnelParents = [uid, ...outer.tunnelParents];
    return inner;
  }
}

const noTunnels: readonly string[] = [];

function isFragmented(packet: Packet): boolean {
  return packet.version === 4 && (packet.view.getUint16(packet.networkAt + 6) & 0x3fff) !== 0;
}
