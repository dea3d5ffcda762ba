/** Packets and capture files for tests, laid out from their parts with valid checksums. */

export interface Segment {
  readonly from: string;
  readonly to: string;
  readonly flags: string;
  readonly seq: number;
  readonly ack?: number;
  readonly data?: string | Uint8Array;
  readonly window?: number;
}

/** `10.0.0.1:80` to its parts. */
function endOf(text: string): { address: Buffer; port: number } {
  const [host = '', port = '0'] = text.split(':');
  return { address: Buffer.from(host.split('.').map(Number)), port: Number(port) };
}

function checksum(...parts: readonly Uint8Array[]): number {
  const bytes = Buffer.concat(parts);
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

export interface Ipv4Options {
  readonly protocol: number;
  readonly id?: number;
  /** Offset of a fragment in bytes, and whether more follow. */
  readonly offset?: number;
  readonly hasMore?: boolean;
}

export function ipv4(from: string, to: string, payload: Uint8Array, options: Ipv4Options): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + payload.length, 2);
  header.writeUInt16BE(options.id ?? 1, 4);
  header.writeUInt16BE(((options.offset ?? 0) >>> 3) | (options.hasMore === true ? 0x2000 : 0), 6);
  header.writeUInt8(64, 8);
  header.writeUInt8(options.protocol, 9);
  endOf(from).address.copy(header, 12);
  endOf(to).address.copy(header, 16);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, payload]);
}

const flagBits: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 };

/** The TCP segment in its IPv4 packet. */
export function tcp({ from, to, flags, seq, ack = 0, data = '', window = 64_000 }: Segment): Buffer {
  const payload = Buffer.from(data);
  const segment = Buffer.alloc(20 + payload.length);
  segment.writeUInt16BE(endOf(from).port, 0);
  segment.writeUInt16BE(endOf(to).port, 2);
  segment.writeUInt32BE(seq >>> 0, 4);
  segment.writeUInt32BE(ack >>> 0, 8);
  segment.writeUInt8(0x50, 12);
  segment.writeUInt8(
    flags.split('').reduce((sum, flag) => sum | (flagBits[flag] ?? 0), 0),
    13,
  );
  segment.writeUInt16BE(window, 14);
  payload.copy(segment, 20);
  segment.writeUInt16BE(checksum(pseudoHeader(from, to, 6, segment.length), segment), 16);
  return ipv4(from, to, segment, { protocol: 6 });
}

/** The UDP datagram in its IPv4 packet. */
export function udp(from: string, to: string, data: string | Uint8Array): Buffer {
  return ipv4(from, to, udpDatagram(from, to, data), { protocol: 17 });
}

export function udpDatagram(from: string, to: string, data: string | Uint8Array): Buffer {
  const payload = Buffer.from(data);
  const datagram = Buffer.alloc(8 + payload.length);
  datagram.writeUInt16BE(endOf(from).port, 0);
  datagram.writeUInt16BE(endOf(to).port, 2);
  datagram.writeUInt16BE(datagram.length, 4);
  payload.copy(datagram, 8);
  datagram.writeUInt16BE(checksum(pseudoHeader(from, to, 17, datagram.length), datagram), 6);
  return datagram;
}

/** ICMP echo request or reply in its IPv4 packet. */
export function icmp(from: string, to: string, type: number, code: number, data: string): Buffer {
  const message = Buffer.concat([Buffer.from([type, code, 0, 0, 0, 1, 0, 1]), Buffer.from(data)]);
  message.writeUInt16BE(checksum(message), 2);
  return ipv4(from, to, message, { protocol: 1 });
}

function pseudoHeader(from: string, to: string, protocol: number, length: number): Buffer {
  const tail = Buffer.from([0, protocol, length >>> 8, length & 255]);
  return Buffer.concat([endOf(from).address, endOf(to).address, tail]);
}

const macs = Buffer.from('020000000002020000000001', 'hex');

/** An Ethernet frame; `types` are the type fields before the payload, with tags between them as hexadecimal text. */
export function ethernet(payload: Uint8Array, types = '0800'): Buffer {
  return Buffer.concat([macs, Buffer.from(types, 'hex'), payload]);
}

export interface CapturedFrame {
  /** Seconds since 1970, with a fraction. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** Length on the wire, where it was cut. */
  readonly wireBytes?: number;
}

export interface PcapOptions {
  readonly isBigEndian?: boolean;
  readonly hasNanoseconds?: boolean;
  readonly linkType?: number;
}

export function pcap(records: readonly CapturedFrame[], options: PcapOptions = {}): Buffer {
  const { isBigEndian = false, hasNanoseconds = false, linkType = 1 } = options;
  const words = (...values: readonly number[]): Buffer => {
    const buffer = Buffer.alloc(4 * values.length);
    for (const [index, value] of values.entries()) {
      if (isBigEndian) buffer.writeUInt32BE(value, 4 * index);
      else buffer.writeUInt32LE(value, 4 * index);
    }
    return buffer;
  };
  const magic = hasNanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4;
  const version = isBigEndian ? 0x0002_0004 : 0x0004_0002;
  const parts = [words(magic, version, 0, 0, 262_144, linkType)];
  for (const { at, bytes, wireBytes } of records) {
    const seconds = Math.floor(at);
    const fraction = Math.round((at - seconds) * (hasNanoseconds ? 1e9 : 1e6));
    parts.push(words(seconds, fraction, bytes.length, wireBytes ?? bytes.length), Buffer.from(bytes));
  }
  return Buffer.concat(parts);
}

/** A pcapng block of little-endian words and bytes. */
export function block(type: number, words: readonly number[], bytes: Uint8Array = new Uint8Array(0)): Buffer {
  const padded = Buffer.alloc((bytes.length + 3) & ~3);
  padded.set(bytes);
  const body = Buffer.alloc(4 * words.length);
  for (const [index, value] of words.entries()) body.writeUInt32LE(value >>> 0, 4 * index);
  const length = 12 + body.length + padded.length;
  const frame = Buffer.alloc(8);
  frame.writeUInt32LE(type, 0);
  frame.writeUInt32LE(length, 4);
  return Buffer.concat([frame, body, padded, frame.subarray(4)]);
}

export const sectionHeader = block(0x0a0d_0d0a, [0x1a2b_3c4d, 1, 0xffff_ffff, 0xffff_ffff]);
