import { maxWantedBytes, type FrameSink, type RecordReader } from './frame.ts';
import { PcapReader, pcapHeaderBytes, readPcapHeader, type PcapHeader } from './pcap.ts';
import { isPcapng, PcapngReader } from './pcapng.ts';

type Reader = RecordReader & { readonly lostAt: number };

/** Where a reading stopped, to go on there when the file has grown. */
export interface FilePosition {
  /** Offset of the first byte that belongs to no whole record. */
  readonly byte: number;
  readonly format: 'pcap' | 'pcapng';
  readonly header: string;
  /** Bytes from there that belong to a block that is passed over. */
  readonly skip: number;
}

type ReaderState = Pick<FilePosition, 'format' | 'header'>;

/**
 * Reads a capture file from chunks as they come. Records that lie whole in a chunk are read in place; only the bytes of one
 * that lies across a border are copied.
 */
export class CaptureFile {
  readonly #sink: FrameSink;
  #reader: Reader | undefined;
  #format: 'pcap' | 'pcapng' = 'pcap';
  /** Bytes before a border that wait for the rest of their record: `#carryStart` to `#carryEnd`. */
  #carry = new Uint8Array(4096);
  #carryView = viewOf(this.#carry);
  #carryStart = 0;
  #carryEnd = 0;
  /** Offset in the file of the first byte that is not used up. */
  #offset = 0;
  #isUnreadable = false;

  constructor(sink: FrameSink, from?: FilePosition) {
    this.#sink = sink;
    if (from === undefined) return;
    this.#offset = from.byte;
    this.#format = from.format;
    this.#reader =
      from.format === 'pcap'
        ? new PcapReader(JSON.parse(from.header) as PcapHeader, sink)
        : new PcapngReader(sink, from.header);
    this.#reader.skip = from.skip;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && !this.#isUnreadable) {
      const skipped = Math.min(this.#reader?.skip ?? 0, chunk.length - at);
      if (skipped > 0 && this.#reader !== undefined) {
        this.#reader.skip -= skipped;
        this.#offset += skipped;
        at += skipped;
        continue;
      }
      at = this.#carryEnd > this.#carryStart ? this.#fillCarry(chunk, at) : this.#readInPlace(chunk, at);
    }
  }

  /** Tells what is left over at the end of the file. */
  finish(): void {
    if (this.#isUnreadable) return;
    const lostAt = this.#reader?.lostAt ?? -1;
    const left = this.#carryEnd - this.#carryStart;
    if (lostAt >= 0) {
      const message = `${this.#offset + left - lostAt} bytes at the end are no packet record`;
      this.#sink.problem({ code: 'bad-record', message }, lostAt);
    } else if (left > 0 || (this.#reader?.skip ?? 0) > 0) {
      this.#sink.problem({ code: 'truncated', message: 'the file ends in the middle of a record' }, this.#offset);
    }
  }

  /** Undefined while nothing was recognised. */
  position(): FilePosition | undefined {
    if (this.#reader === undefined || this.#isUnreadable) return undefined;
    // What was searched for a record without finding one is searched again, with what came after it.
    const byte = this.#reader.lostAt >= 0 ? this.#reader.lostAt : this.#offset;
    return { byte, format: this.#format, header: this.#reader.state(), skip: this.#reader.skip };
  }

  /** What reading needs to begin at another record that follows: text for `fromState`. */
  readerState(): string {
    return JSON.stringify({ format: this.#format, header: this.#reader?.state() ?? '' } satisfies ReaderState);
  }

  /** A file that is read from a record on whose place and reader state are known. */
  static fromState(sink: FrameSink, byte: number, state: string): CaptureFile {
    const { format, header } = JSON.parse(state) as ReaderState;
    return new CaptureFile(sink, { byte, format, header, skip: 0 });
  }

  #readInPlace(chunk: Uint8Array, start: number): number {
    const used = this.#read(chunk, viewOf(chunk), start, chunk.length);
    if (used < chunk.length && !this.#isUnreadable) this.#keep(chunk.subarray(used));
    return chunk.length;
  }

  /** Adds to the carried bytes what the record that they begin still needs. */
  #fillCarry(chunk: Uint8Array, start: number): number {
    const wanted = Math.min(this.#wanted(), maxWantedBytes);
    const missing = Math.max(1, wanted - (this.#carryEnd - this.#carryStart));
    const taken = Math.min(missing, chunk.length - start);
    this.#keep(chunk.subarray(start, start + taken));
    if (taken < missing) return start + taken;
    this.#carryStart = this.#read(this.#carry, this.#carryView, this.#carryStart, this.#carryEnd);
    return start + taken;
  }

  #wanted(): number {
    return this.#reader === undefined ? pcapHeaderBytes : this.#reader.wanted;
  }

  #read(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    let at = start;
    if (this.#reader === undefined) {
      if (end - at < pcapHeaderBytes) return at;
      at = this.#open(view, at);
      if (this.#reader === undefined) return end;
      this.#offset += at - start;
    }
    const from = at;
    const used = this.#reader.read(bytes, view, at, end, this.#offset - at);
    this.#offset += used - from;
    return used;
  }

  #open(view: DataView, at: number): number {
    if (isPcapng(view, at)) {
      this.#format = 'pcapng';
      this.#reader = new PcapngReader(this.#sink);
      return at;
    }
    const header = readPcapHeader(view, at);
    if (header === undefined) {
      this.#isUnreadable = true;
      this.#sink.problem({ code: 'bad-header', message: 'it begins with no header of a capture file' }, 0);
      return at;
    }
    this.#reader = new PcapReader(header, this.#sink);
    return at + pcapHeaderBytes;
  }

  #keep(bytes: Uint8Array): void {
    const held = this.#carryEnd - this.#carryStart;
    if (held === 0) this.#carryStart = this.#carryEnd = 0;
    if (this.#carryEnd + bytes.length > this.#carry.length) {
      // Moved only when at least as much is free as is held: damage that advances by a few bytes moves no megabyte for each.
      const size = held + bytes.length > this.#carry.length / 2 ? 2 * (held + bytes.length) : this.#carry.length;
      const carry = size === this.#carry.length ? this.#carry : new Uint8Array(size);
      carry.set(this.#carry.subarray(this.#carryStart, this.#carryEnd), 0);
      this.#carry = carry;
      this.#carryView = viewOf(carry);
      this.#carryStart = 0;
      this.#carryEnd = held;
    }
    this.#carry.set(bytes, this.#carryEnd);
    this.#carryEnd += bytes.length;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
