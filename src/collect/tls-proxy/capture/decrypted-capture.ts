import { randomInt } from 'node:crypto';
import type { Micros } from '../../../base/time.ts';
import { PcapWriter, pcapHeader } from '../../sources/pcap/files/pcap-writer.ts';
import type { Frame } from '../../sources/pcap/files/frame.ts';
import type { Endpoint } from './endpoint.ts';
import { SyntheticTcp } from './synthetic-tcp.ts';

/** Takes chunks of whole pcap records. */
export interface ChunkTaker {
  (chunk: Uint8Array): void;
}

/** What a capture of nothing begins with. */
export const captureHeader = pcapHeader(1);

const chunkBytes = 256 * 1024;
/** Longest time that a packet waits to be handed on. */
const flushMs = 100;

/** Gathers the packets of all connections in the order of their times, and hands them on in chunks. */
export class DecryptedCapture {
  /** Packets so far. */
  packets = 0;
  readonly #takers: readonly ChunkTaker[];
  readonly #writer = new PcapWriter();
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #isBegun = false;

  constructor(takers: readonly ChunkTaker[]) {
    this.#takers = takers;
  }

  /** A connection that begins now. */
  connection(client: Endpoint, server: Endpoint, time: Micros): SyntheticTcp {
    const take = (frame: Frame): void => this.#add(frame);
    const tcp = new SyntheticTcp(client, server, [randomInt(2 ** 32), randomInt(2 ** 32)], take);
    tcp.open(time);
    return tcp;
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waitingBytes = 0;
    const written = this.#writer.take();
    if (written === undefined) return;
    // The writer begins with the header, which the takers have from elsewhere.
    const chunk = this.#isBegun ? written : written.subarray(captureHeader.length);
    this.#isBegun = true;
    for (const take of this.#takers) take(chunk);
  }

  #add(frame: Frame): void {
    this.packets++;
    this.#writer.write(frame);
    this.#waitingBytes += frame.wireBytes;
    if (this.#waitingBytes >= chunkBytes) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), flushMs);
  }
}
