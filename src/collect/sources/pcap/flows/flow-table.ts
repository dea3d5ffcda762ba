import type { Packet } from '../layers/packet.ts';
import type { Flow } from './flow.ts';

/** Hash of a packet's ends and protocol, the same for both directions. */
export function hashOf(packet: Packet, sourcePort: number, destinationPort: number): number {
  const source = mixEnd(packet.source0, packet.source1, packet.source2, packet.source3, sourcePort);
  const destination = mixEnd(
    packet.destination0,
    packet.destination1,
    packet.destination2,
    packet.destination3,
    destinationPort,
  );
  return mix((source + destination + packet.protocol) | 0);
}

function mixEnd(word0: number, word1: number, word2: number, word3: number, port: number): number {
  let hash = mix(word3 ^ seed);
  hash = mix((hash + word2) ^ port);
  if (word0 !== 0 || word1 !== 0) hash = mix((mix(hash ^ word0) + word1) | 0);
  return hash;
}

/** Finaliser of MurmurHash3. */
function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85eb_ca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}

/** Unforeseeable, so that nobody can make flows that all fall into one place. It decides nothing that is seen outside. */
const seed = Math.trunc(Math.random() * 2 ** 32) | 0;

/** Flows that are open, by open addressing with linear probing. */
export class FlowTable {
  #flows: (Flow | undefined)[] = emptySlots(4096);
  /** Hashes of the flows: a flow that is not the one looked for is passed without a look into its memory. */
  #hashes = new Int32Array(4096);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  find(packet: Packet, sourcePort: number, destinationPort: number, hash: number): Flow | undefined {
    const flows = this.#flows;
    const hashes = this.#hashes;
    const mask = flows.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      if (hashes[slot] !== hash) {
        if (flows[slot] === undefined) return undefined;
        continue;
      }
      const flow = flows[slot];
      // A free slot has the hash zero, as a flow may have.
      if (flow === undefined) return undefined;
      if (flow.holds(packet, sourcePort, destinationPort)) return flow;
    }
  }

  add(flow: Flow): void {
    // Half of the slots stay empty, so that a search seldom meets another flow.
    if (2 * (this.#size + 1) > this.#flows.length) this.#grow();
    this.#put(flow);
    this.#size++;
  }

  /** Removes a flow and moves those after it into the hole, so that no marks of removed ones pile up. */
  remove(flow: Flow): void {
    const flows = this.#flows;
    const hashes = this.#hashes;
    const mask = flows.length - 1;
    let hole = flow.hash & mask;
    while (flows[hole] !== flow) {
      if (flows[hole] === undefined) return;
      hole = (hole + 1) & mask;
    }
    for (let next = (hole + 1) & mask; ; next = (next + 1) & mask) {
      const moved = flows[next];
      if (moved === undefined) break;
      const home = moved.hash & mask;
      if (((next - home) & mask) < ((next - hole) & mask)) continue;
      flows[hole] = moved;
      hashes[hole] = moved.hash;
      hole = next;
    }
    flows[hole] = undefined;
    hashes[hole] = 0;
    this.#size--;
  }

  /** All open flows, in no order. */
  all(): Flow[] {
    return this.#flows.filter((flow) => flow !== undefined);
  }

  #put(flow: Flow): void {
    const mask = this.#flows.length - 1;
    let slot = flow.hash & mask;
    while (this.#flows[slot] !== undefined) slot = (slot + 1) & mask;
    this.#flows[slot] = flow;
    this.#hashes[slot] = flow.hash;
  }

  #grow(): void {
    const flows = this.#flows;
    this.#flows = emptySlots(2 * flows.length);
    this.#hashes = new Int32Array(2 * flows.length);
    for (const flow of flows) if (flow !== undefined) this.#put(flow);
  }
}

function emptySlots(count: number): (Flow | undefined)[] {
  return Array.from({ length: count }, () => undefined);
}
