import { packetsPerPlace, type PacketIndexSink } from '../../../packet-index.ts';

/** What one part has to say for the index about the packets of a chunk. */
export interface PartIndex {
  /** Of each packet the first packet of its connection; 0 where that is another part's. */
  readonly connections: Uint32Array;
  /** Offset of each packet in the file. */
  readonly bytes: Float64Array;
  /** Reader states at the places of the index. */
  readonly states: readonly (readonly [packet: number, state: string])[];
  /** Earlier packets with fragments, and the connection that each group of them belongs to. */
  readonly belonging: readonly (readonly [packets: readonly number[], connection: number])[];
  readonly isGivenUp: boolean;
}

/** Takes an index down in memory, chunk by chunk. */
export class IndexRecorder implements PacketIndexSink {
  #packets = 0;
  #connections: number[] = [];
  #bytes: number[] = [];
  #states: [number, string][] = [];
  #belonging: [packets: readonly number[], connection: number][] = [];
  #isGivenUp = false;

  begin(packets: number): void {
    this.#packets = packets;
  }

  packet(connection: number, byte: number, state: () => string): void {
    if (this.#packets % packetsPerPlace === 0) this.#states.push([this.#packets, state()]);
    this.#packets++;
    this.#connections.push(connection);
    this.#bytes.push(byte);
  }

  belong(packets: readonly number[], connection: number): void {
    this.#belonging.push([packets, connection]);
  }

  giveUp(): void {
    this.#isGivenUp = true;
  }

  /** Hands over what came since the last time. */
  take(): PartIndex {
    const taken = {
      connections: Uint32Array.from(this.#connections),
      bytes: Float64Array.from(this.#bytes),
      states: this.#states,
      belonging: this.#belonging,
      isGivenUp: this.#isGivenUp,
    };
    this.#connections = [];
    this.#bytes = [];
    this.#states = [];
    this.#belonging = [];
    return taken;
  }
}

/** Joins what the parts say about the same packets, and puts it into the index of the whole. */
export class JoinedIndex {
  readonly #sink: PacketIndexSink;
  #packets: number;
  #isGivenUp = false;

  constructor(sink: PacketIndexSink, packets: number) {
    this.#sink = sink;
    this.#packets = packets;
    sink.begin(packets);
  }

  add(parts: readonly PartIndex[]): void {
    const [first] = parts;
    if (first === undefined) return;
    if (!this.#isGivenUp && parts.some(({ isGivenUp }) => isGivenUp)) {
      this.#isGivenUp = true;
      this.#sink.giveUp();
    }
    const states = new Map(first.states);
    for (const [at, byte] of first.bytes.entries()) {
      const number = this.#packets++;
      const connection = parts.reduce((found, { connections }) => Math.max(found, connections[at] ?? 0), 0);
      this.#sink.packet(connection, byte, () => states.get(number) ?? '');
    }
    for (const { belonging } of parts) {
      for (const [packets, one] of belonging) this.#sink.belong(packets, one);
    }
  }
}
