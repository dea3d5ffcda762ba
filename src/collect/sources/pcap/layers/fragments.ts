import type { FragmentPlace } from './ip.ts';
import { Packet } from './packet.ts';

/** Payload of an IP packet that came in fragments; longer ones do not fit its length field. */
const maxPayloadBytes = 65_535;
const maxPieces = 1024;
const maxAssemblies = 4096;
const maxHeldBytes = 64 * 1024 * 1024;
/** A receiver gives a packet up after 60 s (RFC 8200, 4.5). */
const timeoutMicros = 60e6;

/** Frames of one datagram whose numbers are kept; those of repeated pieces beyond are an attack on the reader. */
const maxFrames = 2048;
/** Datagrams that were whole a short time ago: what else comes of them are copies. */
const maxKnown = 16_384;

/** Fragments that will never make a datagram. */
export interface AbandonedFragments {
  /** Numbers of the frames that brought them. */
  readonly frames: readonly number[];
  /** Number of the frame that made the same datagram whole before, so that these are copies; 0 for none. */
  readonly copiesOf: number;
  /** Addresses and protocol, with the ports, where the fragment with the ports is among them. */
  readonly ends: FragmentEnds | undefined;
}

export interface FragmentEnds {
  readonly packet: Packet;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

interface Assembly {
  readonly startTime: number;
  /** Numbers of the frames that brought pieces; stays empty when nobody asks. */
  readonly frames: number[];
  ends: FragmentEnds | undefined;
  bytes: Uint8Array;
  /** Sorted, apart from each other: start, end, start, end … of what is there. */
  ranges: number[];
  /** Length of the whole payload; -1 until the last fragment came. */
  total: number;
  headerBytes: number;
}

/** Puts fragments together (RFC 791, RFC 8200). Where two overlap, the bytes that came first stay. */
export class FragmentTable {
  readonly #assemblies = new Map<string, Assembly>();
  /** Number of the frame that made a datagram whole, and when, for those who ask for frames. */
  readonly #known = new Map<string, { readonly frame: number; readonly time: number }>();
  readonly #isWatched: boolean;
  #abandonedFragments: AbandonedFragments[] = [];
  #heldBytes = 0;
  /** Packets given up: too old, too many, or contradicting themselves. */
  abandoned = 0;

  /** `isWatched`: the numbers of frames are kept, and what was given up is to be taken by `takeAbandoned`. */
  constructor(isWatched = false) {
    this.#isWatched = isWatched;
  }

  /** Fragments of packets that are still incomplete. */
  get pending(): number {
    return this.#assemblies.size;
  }

  /** True when the packet is whole now: its payload is then the whole one, in memory of its own. */
  add(packet: Packet, place: FragmentPlace): boolean {
    const key = keyOf(packet, place.id);
    let assembly = this.#assemblies.get(key);
    if (assembly !== undefined && packet.time - assembly.startTime > timeoutMicros) {
      this.#drop(key, assembly);
      assembly = undefined;
    }
    if (assembly === undefined) {
      this.#makeRoom();
      assembly = emptyAssembly(packet.time);
      this.#heldBytes += assembly.bytes.length;
      this.#assemblies.set(key, assembly);
    }
    if (this.#isWatched) watch(assembly, packet, place);
    if (!this.#insert(assembly, packet, place)) {
      this.#drop(key, assembly);
      return false;
    }
    const { ranges, total } = assembly;
    if (total < 0 || ranges.length !== 2 || ranges[0] !== 0 || (ranges[1] ?? 0) < total) return false;
    this.#heldBytes -= assembly.bytes.length;
    this.#assemblies.delete(key);
    if (this.#isWatched) this.#complete(key, assembly, packet);
    deliver(packet, assembly);
    return true;
  }

  /** Gives up what is too old at `time`, in µs, or all that is there. */
  expire(time = Infinity): void {
    for (const [key, assembly] of this.#assemblies) {
      if (time - assembly.startTime > timeoutMicros) this.#drop(key, assembly);
    }
  }

  /** Hands over what was given up since the last time. */
  takeAbandoned(): readonly AbandonedFragments[] {
    if (this.#abandonedFragments.length === 0) return noneAbandoned;
    return this.#abandonedFragments.splice(0);
  }

  #complete(key: string, { frames }: Assembly, packet: Packet): void {
    packet.earlierFrames = frames.filter((frame) => frame !== packet.number);
    this.#known.delete(key);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size < maxKnown) break;
      this.#known.delete(oldest);
    }
    this.#known.set(key, { frame: packet.number, time: packet.time });
  }

  #insert(assembly: Assembly, packet: Packet, place: FragmentPlace): boolean {
    const end = place.offset + packet.payloadBytes;
    const isUsable = packet.isWhole && end <= maxPayloadBytes && assembly.ranges.length < 2 * maxPieces;
    if (!isUsable || packet.payloadBytes === 0) return false;
    if (!place.hasMore) {
      if (assembly.total >= 0 && assembly.total !== end) return false;
      assembly.total = end;
    }
    if (place.offset === 0) assembly.headerBytes = packet.ipBytes - packet.payloadBytes;
    this.#grow(assembly, end);
    insertRange(assembly, packet, place.offset, end);
    return true;
  }

  #grow(assembly: Assembly, bytes: number): void {
    if (bytes <= assembly.bytes.length) return;
    const larger = new Uint8Array(Math.min(65_536, Math.max(bytes, 2 * assembly.bytes.length)));
    larger.set(assembly.bytes);
    this.#heldBytes += larger.length - assembly.bytes.length;
    assembly.bytes = larger;
  }

  #makeRoom(): void {
    for (const [key, assembly] of this.#assemblies) {
      if (this.#assemblies.size < maxAssemblies && this.#heldBytes < maxHeldBytes) return;
      this.#drop(key, assembly);
    }
  }

  #drop(key: string, assembly: Assembly): void {
    this.#heldBytes -= assembly.bytes.length;
    this.#assemblies.delete(key);
    this.abandoned++;
    if (!this.#isWatched) return;
    const { frames, ends, startTime } = assembly;
    const known = this.#known.get(key);
    const isCopy = known !== undefined && Math.abs(startTime - known.time) <= timeoutMicros;
    this.#abandonedFragments.push({ frames, ends, copiesOf: isCopy ? known.frame : 0 });
  }
}

const noneAbandoned: readonly AbandonedFragments[] = [];

function emptyAssembly(startTime: number): Assembly {
  return {
    startTime,
    frames: [],
    ends: undefined,
    bytes: new Uint8Array(2048),
    ranges: [],
    total: -1,
    headerBytes: 0,
  };
}

/** Takes down which frames brought a piece, and whose it is. */
function watch(assembly: Assembly, packet: Packet, place: FragmentPlace): void {
  for (const frame of [...packet.earlierFrames, packet.number]) {
    if (assembly.frames.length < maxFrames) assembly.frames.push(frame);
  }
  if (place.offset === 0) assembly.ends ??= endsOf(packet);
}

/** Ports stand first in TCP, UDP and SCTP. */
function endsOf(packet: Packet): FragmentEnds | undefined {
  const { protocol, view, payloadAt } = packet;
  const hasPorts = protocol === 6 || protocol === 17 || protocol === 132;
  if (!hasPorts || payloadAt + 4 > packet.payloadEnd) return undefined;
  const copy = new Packet();
  copy.protocol = protocol;
  copy.source0 = packet.source0;
  copy.source1 = packet.source1;
  copy.source2 = packet.source2;
  copy.source3 = packet.source3;
  copy.destination0 = packet.destination0;
  copy.destination1 = packet.destination1;
  copy.destination2 = packet.destination2;
  copy.destination3 = packet.destination3;
  return { packet: copy, sourcePort: view.getUint16(payloadAt), destinationPort: view.getUint16(payloadAt + 2) };
}

function keyOf(packet: Packet, id: number): string {
  const source = `${packet.source0},${packet.source1},${packet.source2},${packet.source3}`;
  const destination = `${packet.destination0},${packet.destination1},${packet.destination2},${packet.destination3}`;
  return `${source},${destination},${packet.protocol},${id}`;
}

/** Copies what is not there yet, and joins the ranges. */
function insertRange(assembly: Assembly, packet: Packet, start: number, end: number): void {
  const joined: number[] = [];
  let [from, to, at] = [start, end, start];
  let isPlaced = false;
  const copy = (upTo: number): void => {
    const source = packet.payloadAt + at - start;
    if (upTo > at) assembly.bytes.set(packet.bytes.subarray(source, source + upTo - at), at);
  };
  for (let index = 0; index < assembly.ranges.length; index += 2) {
    const rangeStart = assembly.ranges[index] ?? 0;
    const rangeEnd = assembly.ranges[index + 1] ?? 0;
    if (rangeEnd < start) joined.push(rangeStart, rangeEnd);
    else if (rangeStart > end) {
      if (!isPlaced) {
        copy(end);
        joined.push(from, to);
        isPlaced = true;
      }
      joined.push(rangeStart, rangeEnd);
    } else {
      copy(Math.min(end, rangeStart));
      at = Math.max(at, Math.min(end, rangeEnd));
      from = Math.min(from, rangeStart);
      to = Math.max(to, rangeEnd);
    }
  }
  if (!isPlaced) {
    copy(end);
    joined.push(from, to);
  }
  assembly.ranges = joined;
}

function deliver(packet: Packet, assembly: Assembly): void {
  packet.bytes = assembly.bytes;
  packet.view = new DataView(assembly.bytes.buffer);
  packet.payloadAt = 0;
  packet.payloadBytes = assembly.total;
  packet.payloadEnd = assembly.total;
  packet.ipBytes = assembly.headerBytes + assembly.total;
  packet.end = assembly.total;
  packet.cutBytes = 0;
}
