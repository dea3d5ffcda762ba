import type { Frame } from './frame.ts';
import { OutputBuffer } from './output-buffer.ts';

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

/** Writes frames as a capture file. */
export interface CaptureWriter {
  write(frame: Frame): void;
  /** What was written since the last time; undefined when nothing was. */
  take(): Uint8Array | undefined;
  /** Frames that the format cannot hold beside the first. */
  readonly leftOut: number;
}

/** Writes frames as a classic pcap file, as `pcapHeader` begins it. All frames of it have the first one's link type. */
export class PcapWriter implements CaptureWriter {
  readonly #out = new OutputBuffer();
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
    const { buffer, at: start } = this.#out.take(recordBytes + captured);
    let at = buffer.writeUInt32LE(Math.floor(frame.time / 1e6) >>> 0, start);
    at = buffer.writeUInt32LE(frame.time % 1e6, at);
    at = buffer.writeUInt32LE(captured, at);
    at = buffer.writeUInt32LE(frame.wireBytes, at);
    buffer.set(frame.bytes.subarray(frame.start, frame.end), at);
  }

  take(): Uint8Array | undefined {
    return this.#out.written();
  }

  #begin(linkType: number): void {
    this.#linkType = linkType;
    const { buffer, at } = this.#out.take(headerBytes);
    pcapHeader(linkType).copy(buffer, at);
  }
}
