import { Frame, maxFrameBytes, type FrameSink, type RecordReader } from './frame.ts';

/** Header of a classic pcap file (draft-ietf-opsawg-pcap). */
export interface PcapHeader {
  readonly isLittleEndian: boolean;
  readonly hasNanoseconds: boolean;
  /** Bytes of a record header: 16; Kuznetzov's modified format has 8 more. */
  readonly recordBytes: 16 | 24;
  readonly linkType: number;
}

export const pcapHeaderBytes = 24;

const magics: ReadonlyMap<number, { hasNanoseconds: boolean; recordBytes: 16 | 24 }> = new Map([
  [0xa1b2_c3d4, { hasNanoseconds: false, recordBytes: 16 }],
  [0xa1b2_3c4d, { hasNanoseconds: true, recordBytes: 16 }],
  [0xa1b2_cd34, { hasNanoseconds: false, recordBytes: 24 }],
]);

/** Undefined when the bytes are no pcap header; 24 bytes are needed. */
export function readPcapHeader(view: DataView, at: number): PcapHeader | undefined {
  if (view.byteLength < at + pcapHeaderBytes) return undefined;
  const isLittleEndian = magics.has(view.getUint32(at, true));
  const format = magics.get(view.getUint32(at, isLittleEndian));
  if (format === undefined) return undefined;
  // The upper bits hold the length of the frame check sequence, and reserved ones.
  return { isLittleEndian, ...format, linkType: view.getUint32(at + 20, isLittleEndian) & 0xffff };
}

/** Two records that follow each other are of about the same time, unless captures were joined: told apart only while searching. */
const maxJumpSeconds = 400 * 86_400;

/** Reads the records after a pcap header. A record that cannot be one makes it search for the next two that fit together. */
export class PcapReader implements RecordReader {
  wanted: number;
  skip = 0;
  readonly #header: PcapHeader;
  readonly #sink: FrameSink;
  readonly #frame = new Frame();
  readonly #recordBytes: number;
  readonly #isLittleEndian: boolean;
  readonly #fractionLimit: number;
  /** Offset in the file of the first byte that was no record, while the next one is searched. */
  #lostAt = -1;

  constructor(header: PcapHeader, sink: FrameSink) {
    this.#header = header;
    this.#sink = sink;
    this.#recordBytes = header.recordBytes;
    this.#isLittleEndian = header.isLittleEndian;
    this.#fractionLimit = header.hasNanoseconds ? 1e9 : 1e6;
    this.#frame.linkType = header.linkType;
    this.wanted = header.recordBytes;
  }

  state(): string {
    return JSON.stringify(this.#header);
  }

  read(bytes: Uint8Array, view: DataView, start: number, end: number, fileOffset: number): number {
    const headerBytes = this.#recordBytes;
    let at = start;
    let length = at + headerBytes <= end ? view.getUint32(at + 8, this.#isLittleEndian) : 0;
    while (at + headerBytes <= end) {
      if (this.#lostAt >= 0 || !this.#isPlausible(view, at)) {
        at = this.#search(view, at, end, fileOffset);
        if (this.#lostAt >= 0) return at;
        length = view.getUint32(at + 8, this.#isLittleEndian);
        continue;
      }
      const next = at + headerBytes + length;
      if (next > end) {
        this.wanted = headerBytes + length;
        return at;
      }
      // Looked at ahead: the memory of the next record is fetched while this one is read.
      length = next + headerBytes <= end ? view.getUint32(next + 8, this.#isLittleEndian) : 0;
      this.#frame.fileAt = fileOffset + at;
      this.#deliver(bytes, view, at, next);
      at = next;
    }
    this.wanted = headerBytes;
    return at;
  }

  #deliver(bytes: Uint8Array, view: DataView, at: number, next: number): void {
    const frame = this.#frame;
    const seconds = view.getUint32(at, this.#isLittleEndian);
    const fraction = view.getUint32(at + 4, this.#isLittleEndian);
    frame.bytes = bytes;
    frame.view = view;
    frame.start = at + this.#recordBytes;
    frame.end = next;
    frame.wireBytes = Math.max(view.getUint32(at + 12, this.#isLittleEndian), next - frame.start);
    frame.time = seconds * 1e6 + (this.#header.hasNanoseconds ? Math.floor(fraction / 1000) : fraction);
    this.#sink.frame(frame);
  }

  #isPlausible(view: DataView, at: number): boolean {
    const captured = view.getUint32(at + 8, this.#isLittleEndian);
    const original = view.getUint32(at + 12, this.#isLittleEndian);
    return (
      view.getUint32(at + 4, this.#isLittleEndian) < this.#fractionLimit &&
      captured <= maxFrameBytes &&
      original <= 4 * maxFrameBytes &&
      // Some writers left the length on the wire 0 for records that they made up.
      (captured <= original || original === 0)
    );
  }

  /** The next place where two records follow each other; the place to go on searching, with more bytes, when there is none yet. */
  #search(view: DataView, start: number, end: number, fileOffset: number): number {
    const headerBytes = this.#recordBytes;
    if (this.#lostAt < 0) this.#lostAt = fileOffset + start;
    for (let at = this.#lostAt === fileOffset + start ? start + 1 : start; at + headerBytes <= end; at++) {
      const length = view.getUint32(at + 8, this.#isLittleEndian);
      // An empty record fits anywhere among zeros.
      if (length === 0 || !this.#isPlausible(view, at)) continue;
      const next = at + headerBytes + length;
      if (next + headerBytes > end) {
        this.wanted = headerBytes + length + headerBytes;
        return at;
      }
      const jump = view.getUint32(next, this.#isLittleEndian) - view.getUint32(at, this.#isLittleEndian);
      if (!this.#isPlausible(view, next) || Math.abs(jump) > maxJumpSeconds) continue;
      const lost = fileOffset + at - this.#lostAt;
      this.#sink.problem({ code: 'bad-record', message: `${lost} bytes are no packet record` }, this.#lostAt);
      this.#lostAt = -1;
      return at;
    }
    this.wanted = headerBytes;
    return Math.max(start, end - headerBytes + 1);
  }

  /** Offset in the file from which on no record was found any more; -1 when the last record was whole. */
  get lostAt(): number {
    return this.#lostAt;
  }
}
