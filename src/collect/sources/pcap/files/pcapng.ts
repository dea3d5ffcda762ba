import { Frame, maxFrameBytes, type FrameSink, type RecordReader } from './frame.ts';
import { readDropped, readInterface, type CaptureInterface } from './interface.ts';

const blockSection = 0x0a0d_0d0a;
const blockInterface = 1;
const blockPacket = 2;
const blockSimplePacket = 3;
const blockStatistics = 5;
const blockEnhancedPacket = 6;
const blockSecrets = 10;

const byteOrderMagic = 0x1a2b_3c4d;
const secretsTlsKeyLog = 0x544c_534b;
/** Blocks that are read; the others (names, journal, custom) are passed over whatever their length. */
const readBlocks: ReadonlySet<number> = new Set([
  blockSection,
  blockInterface,
  blockPacket,
  blockSimplePacket,
  blockStatistics,
  blockEnhancedPacket,
  blockSecrets,
]);
const maxInterfaces = 4096;

/** True when a Section Header Block begins here; 12 bytes are needed. */
export function isPcapng(view: DataView, at: number): boolean {
  if (view.byteLength < at + 12 || view.getUint32(at) !== blockSection) return false;
  return view.getUint32(at + 8) === byteOrderMagic || view.getUint32(at + 8, true) === byteOrderMagic;
}

interface State {
  readonly isLittleEndian: boolean;
  readonly interfaces: readonly CaptureInterface[];
}

/** Reads pcapng (draft-ietf-opsawg-pcapng): sections, interfaces of different link types and resolutions, packets, secrets. */
export class PcapngReader implements RecordReader {
  wanted = 12;
  skip = 0;
  readonly #sink: FrameSink;
  readonly #frame = new Frame();
  #isLittleEndian = true;
  #interfaces: CaptureInterface[] = [];
  /** Offset in the file from which on no block was found, while a section or packet block is searched. */
  #lostAt = -1;

  constructor(sink: FrameSink, state?: string) {
    this.#sink = sink;
    if (state === undefined) return;
    const { isLittleEndian, interfaces } = JSON.parse(state) as State;
    this.#isLittleEndian = isLittleEndian;
    this.#interfaces = [...interfaces];
  }

  state(): string {
    return JSON.stringify({ isLittleEndian: this.#isLittleEndian, interfaces: this.#interfaces } satisfies State);
  }

  get lostAt(): number {
    return this.#lostAt;
  }

  read(bytes: Uint8Array, view: DataView, start: number, end: number, fileOffset: number): number {
    let at = start;
    while (at + 12 <= end) {
      const isSection = isPcapng(view, at);
      if (isSection) this.#isLittleEndian = view.getUint32(at + 8, true) === byteOrderMagic;
      const type = view.getUint32(at, this.#isLittleEndian);
      const length = view.getUint32(at + 4, this.#isLittleEndian);
      if (!isPlausible(type, length) || (type === blockSection && !isSection)) {
        at = this.#lose(view, at, end, fileOffset);
        continue;
      }
      if (this.#lostAt >= 0 && !beginsAnew(type)) {
        at += 4;
        continue;
      }
      if (!readBlocks.has(type)) {
        this.skip = Math.max(0, at + length - end);
        at = Math.min(end, at + length);
        continue;
      }
      const next = at + length;
      if (next > end) {
        this.wanted = length;
        return at;
      }
      if (view.getUint32(next - 4, this.#isLittleEndian) !== length) {
        at = this.#lose(view, at, end, fileOffset);
        continue;
      }
      this.#found(fileOffset + at);
      this.#frame.fileAt = fileOffset + at;
      this.#block(bytes, view, type, at + 8, next - 4, fileOffset + at);
      at = next;
    }
    this.wanted = 12;
    return at;
  }

  /** The next place where a block of a known type may stand; blocks are aligned to four bytes from the first one on. */
  #lose(view: DataView, start: number, end: number, fileOffset: number): number {
    if (this.#lostAt < 0) this.#lostAt = fileOffset + start;
    for (let at = start + 4; at + 12 <= end; at += 4) {
      const type = view.getUint32(at, this.#isLittleEndian);
      if (beginsAnew(type)) return at;
    }
    return start + 4 * Math.max(1, Math.floor((end - start - 8) / 4));
  }

  #found(at: number): void {
    if (this.#lostAt < 0) return;
    this.#sink.problem({ code: 'bad-record', message: `${at - this.#lostAt} bytes are no pcapng block` }, this.#lostAt);
    this.#lostAt = -1;
  }

  #block(bytes: Uint8Array, view: DataView, type: number, at: number, end: number, byte: number): void {
    const little = this.#isLittleEndian;
    if (type === blockSection) {
      this.#interfaces = [];
      const major = end - at >= 8 ? view.getUint16(at + 4, little) : 0;
      if (major !== 1) {
        this.#sink.problem({ code: 'unsupported', message: `pcapng version ${major} is not known; read as 1` }, byte);
      }
    } else if (type === blockInterface && end - at >= 8) {
      if (this.#interfaces.length < maxInterfaces) this.#interfaces.push(readInterface(view, at, end, little));
    } else if (type === blockEnhancedPacket || type === blockPacket) {
      this.#packet(bytes, view, type, at, end, byte);
    } else if (type === blockSimplePacket) {
      this.#simplePacket(bytes, view, at, end, byte);
    } else if (type === blockStatistics && end - at >= 12) {
      this.#statistics(view, at, end, byte);
    } else if (type === blockSecrets && end - at >= 8) {
      const secretBytes = view.getUint32(at + 4, little);
      if (view.getUint32(at, little) === secretsTlsKeyLog && secretBytes <= end - at - 8) {
        this.#sink.secrets(Buffer.from(bytes.subarray(at + 8, at + 8 + secretBytes)).toString('latin1'));
      }
    } else {
      this.#sink.problem({ code: 'bad-record', message: `a block of type ${type} is too short` }, byte);
    }
  }

  /** Enhanced and obsolete packet blocks differ only in how they name the interface. */
  #packet(bytes: Uint8Array, view: DataView, type: number, at: number, end: number, byte: number): void {
    const little = this.#isLittleEndian;
    if (end - at < 20) {
      this.#sink.problem({ code: 'bad-record', message: 'a packet block is too short' }, byte);
      return;
    }
    const id = type === blockPacket ? view.getUint16(at, little) : view.getUint32(at, little);
    const from = this.#interfaces[id];
    const captured = view.getUint32(at + 12, little);
    if (from === undefined || captured > end - at - 20) {
      const message =
        from === undefined ? `a packet of interface ${id}, which is not described` : 'a packet longer than its block';
      this.#sink.problem({ code: 'bad-record', message }, byte);
      return;
    }
    const time = timeOf(view.getUint32(at + 4, little), view.getUint32(at + 8, little), from);
    this.#deliver(bytes, view, at + 20, captured, view.getUint32(at + 16, little), from, time);
  }

  /** A Simple Packet Block has no time; it is of the first interface. */
  #simplePacket(bytes: Uint8Array, view: DataView, at: number, end: number, byte: number): void {
    const [from] = this.#interfaces;
    if (from === undefined || end - at < 4) {
      this.#sink.problem({ code: 'bad-record', message: 'a simple packet without an interface or a length' }, byte);
      return;
    }
    const wire = view.getUint32(at, this.#isLittleEndian);
    const captured = Math.min(wire, from.snapBytes === 0 ? wire : from.snapBytes, end - at - 4);
    this.#deliver(bytes, view, at + 4, captured, wire, from, this.#frame.time);
  }

  #deliver(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    captured: number,
    wireBytes: number,
    from: CaptureInterface,
    time: number,
  ): void {
    const frame = this.#frame;
    frame.bytes = bytes;
    frame.view = view;
    frame.start = start;
    frame.end = start + captured;
    frame.wireBytes = Math.max(captured, wireBytes);
    frame.time = time;
    frame.linkType = from.linkType;
    this.#sink.frame(frame);
  }

  #statistics(view: DataView, at: number, end: number, byte: number): void {
    const from = this.#interfaces[view.getUint32(at, this.#isLittleEndian)];
    const dropped = readDropped(view, at + 12, end, this.#isLittleEndian);
    if (from === undefined || dropped === undefined || dropped <= from.dropped) return;
    const count = dropped - from.dropped;
    from.dropped = dropped;
    this.#sink.problem({ code: 'events-lost', message: `the capture dropped ${count} packets` }, byte);
  }
}

/** Blocks that a search stops at: those that stand most often, and those that begin a section. */
function beginsAnew(type: number): boolean {
  return type === blockEnhancedPacket || type === blockSection;
}

function isPlausible(type: number, length: number): boolean {
  if (length < 12 || (length & 3) !== 0) return false;
  return readBlocks.has(type) ? length <= maxFrameBytes : length <= 1 << 28;
}

/** µs from the two halves of a timestamp; 0 for one that is larger than any time that we can mean. */
function timeOf(high: number, low: number, { unitMicros, offsetMicros }: CaptureInterface): number {
  let micros: number;
  if (unitMicros === 1e-3) {
    // 64 bits of nanoseconds do not fit a number: 2^32 is 4294967 thousands and 296.
    micros = high * 4_294_967 + Math.floor((high * 296 + low) / 1000);
  } else {
    micros = Math.floor((high * 2 ** 32 + low) * unitMicros);
  }
  micros += offsetMicros;
  return micros >= 0 && micros < 1e17 ? micros : 0;
}
