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
  readonly #followedTcp: ReadonlySet<number>;
  readonly #followedUdp: ReadonlySet<number>;
  /** Ports whose flows between the same two machines one part reads together. */
  readonly #pairedTcp: ReadonlySet<number>;
  /** Ports whose flows the first part reads together. */
  readonly #joinedUdp: ReadonlySet<number>;

  constructor({ part, parts }: PartOfCapture, protocols: readonly ProtocolAnalyzer[]) {
    this.#part = part;
    this.#parts = parts;
    const ports = (spread: ProtocolAnalyzer['spread'], transport: 'tcp' | 'udp'): number[] =>
      protocols.flatMap((one) => (one.spread === spread && one.transports.includes(transport) ? one.ports : []));
    this.#followedTcp = new Set(ports('announces', 'tcp'));
    this.#followedUdp = new Set([...udpTunnels.keys(), ...ports('announces', 'udp')]);
    this.#pairedTcp = new Set(ports('pairs', 'tcp'));
    this.#joinedUdp = new Set(ports('exchanges', 'udp'));
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
    if (packet.protocol === transportUdp) {
      if (this.#joinedUdp.has(sourcePort) || this.#joinedUdp.has(destinationPort)) return this.isFirst;
    }
    if (packet.protocol === transportTcp) {
      if (this.#pairedTcp.has(sourcePort) || this.#pairedTcp.has(destinationPort)) {
        return partOf(packet, 0, 0) % this.#parts === this.#part;
      }
    }
    return partOf(packet, sourcePort, destinationPort) % this.#parts === this.#part;
  }

  /** True for a packet whose flow this part follows, to tell it or for what it says about other flows. */
  follows(packet: Packet, sourcePort: number, destinationPort: number): boolean {
    if (packet.protocol === transportTcp) {
      if (this.#followedTcp.has(sourcePort) || this.#followedTcp.has(destinationPort)) return true;
    } else if (packet.protocol === transportUdp) {
      if (this.#followedUdp.has(sourcePort) || this.#followedUdp.has(destinationPort)) return true;
    }
    return this.owns(packet, sourcePort, destinationPort);
  }
}

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
