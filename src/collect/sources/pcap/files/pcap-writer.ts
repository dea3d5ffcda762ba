import type { Frame } from './frame.ts';

const headerBytes = 24;
const recordBytes = 16;

/** The beginning of a classic pcap file, little-endian, with times in microseconds. */
export function pcapHeader(linkType: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(0xa1b2_c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(linkType, 20);
  return header;
}

/** Writes frames as a classic pcap file, as `pcapHeader` begins it. All frames of it have the first one's link type. */
export class PcapWriter {
  #buffer = Buffer.alloc(64 * 1024);
  #length = 0;
  #linkType = -1;
  /** Frames of another link type, which the format cannot hold beside the first. */
  leftOut = 0;

  write(frame: Frame): void {
    if (this.#linkType < 0) this.#begin(frame.linkType);
    if (frame.linkType !== this.#linkType) {
      this.leftOut++;
      return;
    }
    const captured = frame.end - frame.start;
    this.#reserve(recordBytes + captured);
    const buffer = this.#buffer;
    let at = buffer.writeUInt32LE(Math.floor(frame.time / 1e6) >>> 0, this.#length);
    at = buffer.writeUInt32LE(frame.time % 1e6, at);
    at = buffer.writeUInt32LE(captured, at);
    at = buffer.writeUInt32LE(frame.wireBytes, at);
    buffer.set(frame.bytes.subarray(frame.start, frame.end), at);
    this.#length = at + captured;
  }

  /** What was written since the last time; undefined when nothing was. */
  take(): Uint8Array | undefined {
    if (this.#length === 0) return undefined;
    const written = Uint8Array.from(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return written;
  }

  #begin(linkType: number): void {
    this.#linkType = linkType;
    this.#length = pcapHeader(linkType).copy(this.#buffer);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.alloc(Math.max(2 * this.#buffer.length, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
