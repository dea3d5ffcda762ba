import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { readFile } from './open/content.ts';

/** Takes down, while a capture is decoded, to which connection each of its packets belongs and where packets stand in the file. */
export interface PacketIndexSink {
  /** Packets that an earlier reading of the file has indexed and that stay as they are; the next one comes after them. */
  begin(packets: number): void;
  /**
   * The next packet: number of the first packet of its connection (0 for none), and offset of its record in the file. `state` is asked for
   * what reading needs to begin there.
   */
  packet(connection: number, byte: number, state: () => string): void;
  /** Earlier packets of which it is known only now that they belong to a connection: they brought fragments. Some may come twice. */
  belong(packets: readonly number[], connection: number): void;
  /** A packet belongs to several connections (tunnels): the index would tell half of it. */
  giveUp(): void;
}

/** What an index was made of. */
interface About {
  readonly version: 2;
  readonly packets: number;
  readonly isUsable: boolean;
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: string;
  /** Reader states by the number of the place from which they hold. */
  readonly states: readonly { readonly place: number; readonly state: string }[];
}

/** Packets between two places whose offset is kept: those whose number, from 0, is a multiple of it. */
export const packetsPerPlace = 256;
const pendingPackets = 64 * 1024;
/** Bytes of the capture that are read at once; a run of places is no longer. */
const maxRunBytes = 8 << 20;
/** Fragments whose packets are told by themselves, eight bytes each; a capture with more is read whole. */
const maxFragments = 2_000_000;
const fragmentsFile = 'fragments.u32';
const connectionsFile = 'connections.u32';
const placesFile = 'places.f64';
const aboutFile = 'about.json';

/** Writes an index into a folder of its own: four bytes a packet. */
export class PacketIndexWriter implements PacketIndexSink {
  readonly #folder: string;
  readonly #connections = new Uint32Array(pendingPackets);
  readonly #places: number[] = [];
  readonly #descriptors: { readonly connections: number; readonly places: number };
  #states: { place: number; state: string }[] = [];
  /** Numbers of packets, each with its connection. */
  #fragments: number[] = [];
  #pending = 0;
  #packets = 0;
  #isUsable = true;
  readonly #wasUsable: boolean;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
    const before = readAbout(folder);
    this.#states = [...(before?.states ?? [])];
    this.#wasUsable = before?.isUsable === true;
    const open = (name: string): number => openSync(join(folder, name), 'a', 0o600);
    this.#descriptors = { connections: open(connectionsFile), places: open(placesFile) };
    rmSync(join(folder, aboutFile), { force: true });
  }

  begin(packets: number): void {
    const places = Math.ceil(packets / packetsPerPlace);
    const descriptors = this.#descriptors;
    // What an earlier reading left must be there, whole, to be gone on with.
    const size = statSync(join(this.#folder, connectionsFile)).size;
    this.#isUsable = packets === 0 || (this.#wasUsable && size >= 4 * packets);
    ftruncateSync(descriptors.connections, 4 * packets);
    ftruncateSync(descriptors.places, 8 * places);
    this.#states = this.#states.filter(({ place }) => place < places);
    this.#packets = packets;
    const known = readFragments(this.#folder);
    rmSync(join(this.#folder, fragmentsFile), { force: true });
    for (let at = 0; at < known.length; at += 2) {
      const [packet = 0, connection = 0] = known.subarray(at, at + 2);
      if (packet <= packets) this.#fragments.push(packet, connection);
    }
  }

  packet(connection: number, byte: number, state: () => string): void {
    if (this.#packets % packetsPerPlace === 0) this.#place(byte, state());
    this.#packets++;
    this.#connections[this.#pending++] = connection;
    if (this.#pending === pendingPackets) this.#flush();
  }

  belong(packets: readonly number[], connection: number): void {
    if (this.#fragments.length >= 2 * maxFragments) this.giveUp();
    else for (const packet of packets) this.#fragments.push(packet, connection);
  }

  giveUp(): void {
    this.#isUsable = false;
  }

  /** The file as it was when it was read: what the index is held against later. */
  finish(size: number, mtimeMs: number, sha256: string): void {
    this.#flush();
    const { connections, places } = this.#descriptors;
    for (const descriptor of [connections, places]) closeSync(descriptor);
    if (this.#fragments.length > 0) {
      writeFileSync(join(this.#folder, fragmentsFile), Uint32Array.from(this.#fragments), { mode: 0o600 });
    }
    const about: About = {
      version: 2,
      packets: this.#packets,
      isUsable: this.#isUsable,
      size,
      mtimeMs,
      sha256,
      states: this.#states,
    };
    writeFileSync(join(this.#folder, aboutFile), JSON.stringify(about), { mode: 0o600 });
  }

  #place(byte: number, state: string): void {
    const place = this.#packets / packetsPerPlace;
    this.#places.push(byte);
    if (this.#states.at(-1)?.state !== state) this.#states.push({ place, state });
  }

  #flush(): void {
    const { connections, places } = this.#descriptors;
    writeSync(connections, Buffer.from(this.#connections.buffer, 0, 4 * this.#pending));
    writeSync(places, Buffer.from(Float64Array.from(this.#places).buffer));
    this.#pending = 0;
    this.#places.length = 0;
  }
}

/** A part of a capture that holds wanted packets. */
export interface PacketRun {
  readonly byte: number;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly state: string;
  /** Number of the packet at `byte`. */
  readonly firstPacket: number;
  isWanted(packet: number): boolean;
}

/** Reads an index. */
export class PacketIndex {
  readonly #folder: string;
  readonly #about: About;

  private constructor(folder: string, about: About) {
    this.#folder = folder;
    this.#about = about;
  }

  /** The index of a capture, where there is one, and the file has the size, time and, in the ledger, hash that it was made of. */
  static open(folder: string, capture: string, sha256: string): PacketIndex | undefined {
    const about = readAbout(folder);
    const stats = statSync(capture, { throwIfNoEntry: false });
    if (about?.isUsable !== true || about.sha256 !== sha256) return undefined;
    return stats?.size === about.size && stats.mtimeMs === about.mtimeMs ? new PacketIndex(folder, about) : undefined;
  }

  /** The parts of the capture that hold packets of these connections, fragments with them, each told by its first packet. */
  *runs(capture: string, connections: ReadonlySet<number>): Generator<PacketRun> {
    if (connections.size === 0) return;
    const places = this.#readPlaces();
    let from = -1;
    let wanted: Uint32Array[] = [];
    const run = (end: number): PacketRun => {
      const own = wanted;
      wanted = [];
      return this.#run(capture, places, from, end, own, connections);
    };
    for (const { place, packets } of this.#placesWith(connections)) {
      const isNext = wanted.length > 0 && from + wanted.length === place;
      const bytes = this.#end(places, place) - (places[from] ?? 0);
      if (wanted.length > 0 && (!isNext || bytes > maxRunBytes)) yield run(from + wanted.length);
      if (wanted.length === 0) from = place;
      wanted.push(packets);
    }
    if (wanted.length > 0) yield run(from + wanted.length);
  }

  #run(
    capture: string,
    places: Float64Array,
    from: number,
    end: number,
    wanted: readonly Uint32Array[],
    connections: ReadonlySet<number>,
  ): PacketRun {
    const byte = places[from] ?? 0;
    const firstPacket = from * packetsPerPlace + 1;
    return {
      byte,
      bytes: readFile(capture, byte, this.#end(places, end - 1)),
      state: this.#about.states.findLast(({ place }) => place <= from)?.state ?? '',
      firstPacket,
      isWanted(packet) {
        const at = packet - firstPacket;
        const one = wanted[Math.floor(at / packetsPerPlace)]?.[at % packetsPerPlace];
        return one !== undefined && connections.has(one);
      },
    };
  }

  #end(places: Float64Array, place: number): number {
    return places[place + 1] ?? this.#about.size;
  }

  /** Places with packets of the connections, in order, with the connections of their packets. */
  *#placesWith(connections: ReadonlySet<number>): Generator<{ place: number; packets: Uint32Array }> {
    const fragments = wantedFragments(readFragments(this.#folder), connections);
    const start = firstPlace(connections, fragments);
    const descriptor = openSync(join(this.#folder, connectionsFile), 'r');
    try {
      const chunk = Buffer.alloc(4 * packetsPerPlace * 1024);
      for (let first = start; ; first += 1024) {
        const bytes = readSync(descriptor, chunk, 0, chunk.length, first * packetsPerPlace * 4);
        if (bytes < 4) return;
        const numbers = new Uint32Array(chunk.buffer, chunk.byteOffset, bytes >> 2);
        for (let at = 0; at < numbers.length; at += packetsPerPlace) {
          const place = first + at / packetsPerPlace;
          const packets = numbers.subarray(at, at + packetsPerPlace);
          for (const [offset, connection] of fragments.get(place) ?? []) packets[offset] = connection;
          if (packets.some((one) => connections.has(one))) yield { place, packets: packets.slice() };
        }
      }
    } finally {
      closeSync(descriptor);
    }
  }

  #readPlaces(): Float64Array {
    const bytes = readFileSync(join(this.#folder, placesFile));
    return new Float64Array(Uint8Array.from(bytes).buffer);
  }
}

/** Fragments of the connections by place: which packet after it, and its connection. */
function wantedFragments(
  fragments: Uint32Array,
  connections: ReadonlySet<number>,
): ReadonlyMap<number, [offset: number, connection: number][]> {
  const wanted = new Map<number, [number, number][]>();
  for (let at = 0; at + 1 < fragments.length; at += 2) {
    const packet = (fragments[at] ?? 0) - 1;
    const connection = fragments[at + 1] ?? 0;
    if (packet < 0 || !connections.has(connection)) continue;
    const place = Math.floor(packet / packetsPerPlace);
    const there = wanted.get(place);
    if (there === undefined) wanted.set(place, [[packet % packetsPerPlace, connection]]);
    else there.push([packet % packetsPerPlace, connection]);
  }
  return wanted;
}

/** No packet of a connection comes before its first, but for fragments that the first one makes whole. */
function firstPlace(connections: ReadonlySet<number>, fragments: ReadonlyMap<number, unknown>): number {
  if (connections.size > 1000) return 0;
  let first = Math.floor((Math.min(...connections) - 1) / packetsPerPlace);
  for (const place of fragments.keys()) first = Math.min(first, place);
  return Math.max(0, first);
}

/** Packets and their connections, in turn. */
function readFragments(folder: string): Uint32Array {
  try {
    const bytes = readFileSync(join(folder, fragmentsFile));
    return new Uint32Array(Uint8Array.from(bytes.subarray(0, bytes.length & ~7)).buffer);
  } catch {
    return new Uint32Array(0);
  }
}

function readAbout(folder: string): About | undefined {
  try {
    const about = JSON.parse(readFileSync(join(folder, aboutFile), 'utf8')) as About;
    return about.version === 2 ? about : undefined;
  } catch {
    return undefined;
  }
}
