import type { ProtocolAnalyzer } from '../analyzer.ts';
import { transportIcmp, transportIcmpv6, transportSctp, transportTcp, transportUdp } from '../flows/flow.ts';
import type { Packet } from '../layers/packet.ts';
import { udpTunnels } from '../layers/tunnels.ts';

/** Which part of a capture is read: all parts go through all packets, and each follows the flows that fall to it. */
export interface PartOfCapture {
  /** From 0. */
  readonly part: number;
  readonly parts: number;
}

/**
 * Shares the flows of a capture out over parts. Some ports need more than their flow: what runs inside a tunnel falls to any part, so
 * that every part follows tunnels over UDP; and protocols say themselves how their connections hang together (`spread`).
 */
export class Share {
  readonly #part: number;
  readonly #parts: number;
  /** What each port says, as bits: a look for each packet of the capture, whosever it is. */
  readonly #ports = new Uint8Array(65_536);

  constructor({ part, parts }: PartOfCapture, protocols: readonly ProtocolAnalyzer[]) {
    this.#part = part;
    this.#parts = parts;
    const mark = (bit: number, ports: Iterable<number>): void => {
      for (const port of ports) this.#ports[port] = (this.#ports[port] ?? 0) | bit;
    };
    const ports = (spread: ProtocolAnalyzer['spread'], transport: 'tcp' | 'udp'): number[] =>
      protocols.flatMap((one) => (one.spread === spread && one.transports.includes(transport) ? one.ports : []));
    mark(followedTcp, ports('announces', 'tcp'));
    mark(followedUdp, [...udpTunnels.keys(), ...ports('announces', 'udp')]);
    mark(pairedTcp, ports('pairs', 'tcp'));
    mark(joinedUdp, ports('exchanges', 'udp'));
  }

  /** The first part tells what belongs to no flow: problems of the file, frames of the link layer, tunnels over IP. */
  get isFirst(): boolean {
    return this.#part === 0;
  }

  get parts(): number {
    return this.#parts;
  }

  /** True for a packet whose flow this part tells. */
  owns(packet: Packet, sourcePort: number, destinationPort: number): boolean {
    const said = this.#said(sourcePort, destinationPort);
    if (packet.protocol === transportUdp && (said & joinedUdp) !== 0) return this.isFirst;
    if (packet.protocol === transportTcp && (said & pairedTcp) !== 0) {
      return partOf(packet, 0, 0) % this.#parts === this.#part;
    }
    return partOf(packet, sourcePort, destinationPort) % this.#parts === this.#part;
  }

  /** True for a packet whose flow this part follows, to tell it or for what it says about other flows. */
  follows(packet: Packet, sourcePort: number, destinationPort: number): boolean {
    const { protocol } = packet;
    const said = this.#said(sourcePort, destinationPort);
    if (protocol === transportTcp && (said & followedTcp) !== 0) return true;
    if (protocol === transportUdp && (said & followedUdp) !== 0) return true;
    return this.owns(packet, sourcePort, destinationPort);
  }

  #said(sourcePort: number, destinationPort: number): number {
    return (this.#ports[sourcePort] ?? 0) | (this.#ports[destinationPort] ?? 0);
  }
}

/** The flows of the port are followed by every part. */
const followedTcp = 1;
const followedUdp = 2;
/** The first part reads the flows of the port together. */
const joinedUdp = 4;
/** One part reads the flows between the same two machines at the port. */
const pairedTcp = 8;

/** A number of the flow, the same for both directions. Types of ICMP differ by direction: its flows go by their addresses. */
function partOf(packet: Packet, sourcePort: number, destinationPort: number): number {
  const { protocol } = packet;
  const hasPorts = protocol === transportTcp || protocol === transportUdp || protocol === transportSctp;
  let hash = protocol === transportIcmpv6 ? transportIcmp : protocol;
  hash = mix(hash ^ (packet.source3 ^ packet.destination3));
  hash = mix(hash ^ (packet.source2 ^ packet.destination2));
  if (hasPorts) hash = mix(hash ^ (sourcePort + destinationPort));
  return hash >>> 8;
}

function mix(value: number): number {
  const hash = Math.imul(value ^ (value >>> 16), 0x45d9_f3b);
  return hash ^ (hash >>> 15);
}
