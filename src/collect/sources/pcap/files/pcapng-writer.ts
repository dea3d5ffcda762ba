import type { Frame } from './frame.ts';
import { OutputBuffer } from './output-buffer.ts';
import type { CaptureWriter } from './pcap-writer.ts';

const sectionBytes = 28;
const interfaceBytes = 20;
/** Of an Enhanced Packet Block without its packet. */
const packetBytes = 32;
const snapLength = 262_144;

/**
 * Writes frames as a pcapng file (draft-ietf-opsawg-pcapng), little-endian, with times in microseconds: an interface for each link type, described where its
 * first frame comes.
 */
export class PcapngWriter implements CaptureWriter {
  readonly #out = new OutputBuffer();
  /** Numbers of the interfaces by link type. */
  readonly #interfaces = new Map<number, number>();
  /** Every link type has an interface. */
  readonly leftOut = 0;

  write(frame: Frame): void {
    const number = this.#interfaceOf(frame.linkType);
    const captured = frame.end - frame.start;
    const padded = Math.ceil(captured / 4) * 4;
    const total = packetBytes + padded;
    const { buffer, at: start } = this.#out.take(total);
    const time = BigInt(Math.trunc(frame.time));
    let at = buffer.writeUInt32LE(6, start);
    at = buffer.writeUInt32LE(total, at);
    at = buffer.writeUInt32LE(number, at);
    at = buffer.writeUInt32LE(Number((time >> 32n) & 0xffff_ffffn), at);
    at = buffer.writeUInt32LE(Number(time & 0xffff_ffffn), at);
    at = buffer.writeUInt32LE(captured, at);
    at = buffer.writeUInt32LE(frame.wireBytes, at);
    buffer.set(frame.bytes.subarray(frame.start, frame.end), at);
    buffer.fill(0, at + captured, at + padded);
    buffer.writeUInt32LE(total, at + padded);
  }

  take(): Uint8Array | undefined {
    return this.#out.written();
  }

  #interfaceOf(linkType: number): number {
    const known = this.#interfaces.get(linkType);
    if (known !== undefined) return known;
    const number = this.#interfaces.size;
    if (number === 0) this.#section();
    this.#interfaces.set(linkType, number);
    const { buffer, at: start } = this.#out.take(interfaceBytes);
    let at = buffer.writeUInt32LE(1, start);
    at = buffer.writeUInt32LE(interfaceBytes, at);
    at = buffer.writeUInt16LE(linkType & 0xffff, at);
    at = buffer.writeUInt16LE(0, at);
    at = buffer.writeUInt32LE(snapLength, at);
    buffer.writeUInt32LE(interfaceBytes, at);
    return number;
  }

  /** Of unknown length. */
  #section(): void {
    const { buffer, at: start } = this.#out.take(sectionBytes);
    let at = buffer.writeUInt32LE(0x0a0d_0d0a, start);
    at = buffer.writeUInt32LE(sectionBytes, at);
    at = buffer.writeUInt32LE(0x1a2b_3c4d, at);
    at = buffer.writeUInt16LE(1, at);
    at = buffer.writeUInt16LE(0, at);
    at = buffer.writeBigInt64LE(-1n, at);
    buffer.writeUInt32LE(sectionBytes, at);
  }
}
