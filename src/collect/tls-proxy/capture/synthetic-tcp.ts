import type { Micros } from '../../../base/time.ts';
import { Frame } from '../../sources/pcap/files/frame.ts';
import { addWord32, sumBytes } from '../../sources/pcap/layers/checksum.ts';
import { addressBytes, isV4, type Endpoint } from './endpoint.ts';

const ethernetBytes = 14;
const tcpBytes = 20;
const ethernetLinkType = 1;
const flag = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const;
/** Maximum segment size of a network with packets of 1,500 bytes, and a window of 4 MiB: so that no tool sees more than was allowed. */
const synOptions = (segment: number): Buffer => Buffer.of(2, 4, segment >> 8, segment & 255, 1, 3, 3, 7);
const windowSize = 32_768;
const packetBytes = 1500;

/** Where the packets of a connection go. The frame is used again for the next one. */
export type FrameTaker = (frame: Frame) => void;

/**
 * Writes what two programs said to each other as the packets of a TCP connection that might have carried it: with a handshake, sequence
 * numbers, acknowledgements, and checksums that hold. Ends of different address families are both written as IPv6 (`::ffff:` before IPv4).
 */
export class SyntheticTcp {
  readonly #take: FrameTaker;
  readonly #client: Side;
  readonly #server: Side;
  #isEnded = false;

  constructor(client: Endpoint, server: Endpoint, firstSequence: readonly [number, number], take: FrameTaker) {
    this.#take = take;
    const isShort = isV4(client) && isV4(server);
    this.#client = new Side(client, server, isShort, true, firstSequence[0]);
    this.#server = new Side(server, client, isShort, false, firstSequence[1]);
  }

  open(time: Micros): void {
    this.#send(this.#client, flag.syn, time, synOptions(this.#client.segmentBytes));
    this.#send(this.#server, flag.syn | flag.ack, time, synOptions(this.#client.segmentBytes));
    this.#send(this.#client, flag.ack, time);
  }

  /** Bytes of one side, cut into segments, and what the other side acknowledges. */
  data(isClient: boolean, bytes: Uint8Array, time: Micros): void {
    if (this.#isEnded) return;
    const side = isClient ? this.#client : this.#server;
    const size = side.segmentBytes;
    for (let at = 0; at < bytes.length; at += size) {
      const isLast = at + size >= bytes.length;
      this.#send(side, isLast ? flag.psh | flag.ack : flag.ack, time, bytes.subarray(at, at + size));
    }
    if (bytes.length > 0) this.#send(this.#otherOf(side), flag.ack, time);
  }

  /** One side has said all; after both have, the connection is over. */
  end(isClient: boolean, time: Micros): void {
    const side = isClient ? this.#client : this.#server;
    if (this.#isEnded || side.hasEnded) return;
    side.hasEnded = true;
    this.#send(side, flag.fin | flag.ack, time);
    const other = this.#otherOf(side);
    this.#send(other, flag.ack, time);
    this.#isEnded = other.hasEnded;
  }

  /** The connection broke off, from that side. */
  reset(isClient: boolean, time: Micros): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#send(isClient ? this.#client : this.#server, flag.rst | flag.ack, time);
  }

  #otherOf(side: Side): Side {
    return side === this.#client ? this.#server : this.#client;
  }

  #send(side: Side, flags: number, time: Micros, bytes?: Uint8Array): void {
    this.#take(side.packet(flags, this.#otherOf(side).sequence, time, bytes));
  }
}

/** Builds the packets of one direction in place: only what differs between them is written anew. */
class Side {
  /** Number of the next byte that this side sends. */
  sequence: number;
  hasEnded = false;
  readonly segmentBytes: number;
  readonly #frame = new Frame();
  readonly #isV4: boolean;
  readonly #tcpAt: number;
  /** Sum of the addresses, for the checksum over TCP. */
  readonly #addressSum: number;
  #packetId = 0;

  constructor(from: Endpoint, to: Endpoint, isShort: boolean, isClient: boolean, sequence: number) {
    this.sequence = sequence >>> 0;
    this.#isV4 = isShort;
    const ipBytes = isShort ? 20 : 40;
    this.#tcpAt = ethernetBytes + ipBytes;
    this.segmentBytes = packetBytes - ipBytes - tcpBytes;
    const bytes = Buffer.alloc(ethernetBytes + packetBytes);
    // Locally administered hardware addresses: there are no devices behind them.
    bytes.set([2, 0, 0, 0, 0, isClient ? 2 : 1, 2, 0, 0, 0, 0, isClient ? 1 : 2]);
    bytes.writeUInt16BE(isShort ? 0x0800 : 0x86dd, 12);
    const [source, target] = [from, to].map((end) => addressBytes(end).subarray(isShort ? 12 : 0));
    const addressesAt = ethernetBytes + (isShort ? 12 : 8);
    if (isShort) bytes.set([0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 6], ethernetBytes);
    else bytes.set([0x60, 0, 0, 0, 0, 0, 6, 64], ethernetBytes);
    bytes.set(Buffer.concat([source ?? Buffer.alloc(0), target ?? Buffer.alloc(0)]), addressesAt);
    bytes.writeUInt16BE(from.port, this.#tcpAt);
    bytes.writeUInt16BE(to.port, this.#tcpAt + 2);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#addressSum = sumBytes(view, addressesAt, this.#tcpAt);
    Object.assign(this.#frame, { bytes, view, linkType: ethernetLinkType });
  }

  /** `bytes` are options in a packet that opens the connection, and data in all others. */
  packet(flags: number, acknowledged: number, time: Micros, bytes: Uint8Array = new Uint8Array(0)): Frame {
    const { view } = this.#frame;
    const at = this.#tcpAt;
    const isOpening = (flags & flag.syn) !== 0;
    const length = tcpBytes + bytes.length;
    view.setUint32(at + 4, this.sequence);
    view.setUint32(at + 8, (flags & flag.ack) === 0 ? 0 : acknowledged);
    view.setUint16(at + 12, ((isOpening ? length : tcpBytes) << 10) | flags);
    view.setUint16(at + 14, windowSize);
    view.setUint16(at + 16, 0);
    this.#frame.bytes.set(bytes, at + tcpBytes);
    const sum = sumBytes(view, at, at + length, addWord32(this.#addressSum, (6 << 16) | length));
    view.setUint16(at + 16, ~sum & 0xffff, true);
    this.#finishIp(view, length);
    const advance = (isOpening || (flags & flag.fin) !== 0 ? 1 : 0) + (isOpening ? 0 : bytes.length);
    this.sequence = (this.sequence + advance) >>> 0;
    this.#frame.end = at + length;
    this.#frame.wireBytes = at + length;
    this.#frame.time = time;
    return this.#frame;
  }

  #finishIp(view: DataView, tcpLength: number): void {
    if (!this.#isV4) {
      view.setUint16(ethernetBytes + 4, tcpLength);
      return;
    }
    this.#packetId = (this.#packetId + 1) & 0xffff;
    view.setUint16(ethernetBytes + 2, 20 + tcpLength);
    view.setUint16(ethernetBytes + 4, this.#packetId);
    view.setUint16(ethernetBytes + 10, 0);
    view.setUint16(ethernetBytes + 10, ~sumBytes(view, ethernetBytes, ethernetBytes + 20) & 0xffff, true);
  }
}
