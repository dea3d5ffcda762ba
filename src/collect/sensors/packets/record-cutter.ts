import { ByteQueue } from '../../byte-queue.ts';

/** What becomes of a capture that comes as a stream. */
export interface CutHandler {
  /** Bytes that every file with what follows must begin with have changed. */
  onHeader(header: Buffer): void;
  /** Whole records, a view that is valid during the call. */
  onRecords(bytes: Buffer, count: number): void;
}

const pcapMagics: ReadonlySet<number> = new Set([0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34]);
const sectionHeader = 0x0a0d0d0a;
const byteOrderMagic = 0x1a2b3c4d;
/** Blocks that later ones depend on: interfaces, and secrets of TLS sessions. */
const lastingBlocks: ReadonlySet<number> = new Set([1, 10]);
const packetBlocks: ReadonlySet<number> = new Set([2, 3, 6]);
const pcapHeaderBytes = 24;
const recordHeaderBytes = 16;
/** Longer records and headers are damage, or an attack on the memory. */
const maxRecordBytes = 16 << 20;

/** Finds the borders of records in a capture that comes as a stream: pcap of any kind, and pcapng (links in `sources/pcap/readme.md`). */
export class RecordCutter {
  readonly #handler: CutHandler;
  readonly #queue = new ByteQueue();
  #format: 'pcap' | 'pcapng' | undefined;
  #isLittleEndian = true;
  #header: Buffer = Buffer.alloc(0);

  constructor(handler: CutHandler) {
    this.#handler = handler;
  }

  /** Throws where the stream is no capture, or none any more. */
  push(chunk: Uint8Array): void {
    this.#queue.push(chunk);
    this.#format ??= this.#begin();
    if (this.#format === 'pcap') this.#cutPcap();
    else if (this.#format === 'pcapng') this.#cutPcapng();
  }

  #begin(): 'pcap' | 'pcapng' | undefined {
    const { bytes } = this.#queue;
    if (bytes.length < pcapHeaderBytes) return undefined;
    if (bytes.readUInt32LE(0) === sectionHeader) return 'pcapng';
    this.#isLittleEndian = pcapMagics.has(bytes.readUInt32LE(0));
    if (!this.#isLittleEndian && !pcapMagics.has(bytes.readUInt32BE(0))) throw new Error('the stream is no capture');
    this.#handler.onHeader(Buffer.from(bytes.subarray(0, pcapHeaderBytes)));
    this.#queue.drop(pcapHeaderBytes);
    return 'pcap';
  }

  #u32(bytes: Buffer, at: number): number {
    return this.#isLittleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }

  #cutPcap(): void {
    const { bytes } = this.#queue;
    let [at, count] = [0, 0];
    while (bytes.length - at >= recordHeaderBytes) {
      const length = checked(this.#u32(bytes, at + 8));
      if (bytes.length - at < recordHeaderBytes + length) break;
      at += recordHeaderBytes + length;
      count++;
    }
    if (count > 0) this.#handler.onRecords(bytes.subarray(0, at), count);
    this.#queue.drop(at);
  }

  #cutPcapng(): void {
    const { bytes } = this.#queue;
    let [start, at, count] = [0, 0, 0];
    const handOver = (): void => {
      if (at > start) this.#handler.onRecords(bytes.subarray(start, at), count);
      [start, count] = [at, 0];
    };
    while (bytes.length - at >= 12) {
      if (bytes.readUInt32LE(at) === sectionHeader) {
        this.#isLittleEndian = bytes.readUInt32LE(at + 8) === byteOrderMagic;
      }
      const type = this.#u32(bytes, at);
      const length = checked(this.#u32(bytes, at + 4));
      if (length < 12 || length % 4 !== 0) throw new Error('the stream is damaged');
      if (bytes.length - at < length) break;
      if (type === sectionHeader || lastingBlocks.has(type)) {
        handOver();
        this.#lasting(type, bytes.subarray(at, at + length));
        start = at + length;
      }
      at += length;
      if (packetBlocks.has(type)) count++;
    }
    handOver();
    this.#queue.drop(at);
  }

  /** A section begins anew; what else lasts is added to it. */
  #lasting(type: number, block: Buffer): void {
    this.#header = Buffer.concat(type === sectionHeader ? [block] : [this.#header, block]);
    checked(this.#header.length);
    this.#handler.onHeader(this.#header);
  }
}

function checked(length: number): number {
  if (length > maxRecordBytes) throw new Error('the stream is damaged: a record is too long');
  return length;
}
