import type { FragmentPlace } from './ip.ts';
import type { Packet } from './packet.ts';

/** Payload of an IP packet that came in fragments; longer ones do not fit its length field. */
const maxPayloadBytes = 65_535;
const maxPieces = 1024;
const maxAssemblies = 4096;
const maxHeldBytes = 64 * 1024 * 1024;
/** A receiver gives a packet up after 60 s (RFC 8200, 4.5). */
const timeoutMicros = 60e6;

interface Assembly {
  readonly startTime: number;
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
  #heldBytes = 0;
  /** Packets given up: too old, too many, or contradicting themselves. */
  abandoned = 0;

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
      assembly = { startTime: packet.time, bytes: new Uint8Array(2048), ranges: [], total: -1, headerBytes: 0 };
      this.#heldBytes += assembly.bytes.length;
      this.#assemblies.set(key, assembly);
    }
    if (!this.#insert(assembly, packet, place)) {
      this.#drop(key, assembly);
      return false;
    }
    const { ranges, total } = assembly;
    if (total < 0 || ranges.length !== 2 || ranges[0] !== 0 || (ranges[1] ?? 0) < total) return false;
    this.#heldBytes -= assembly.bytes.length;
    this.#assemblies.delete(key);
    deliver(packet, assembly);
    return true;
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
  }
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
