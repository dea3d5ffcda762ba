import { Cursor } from '../../wire/cursor.ts';
import { quicVersion2 } from './keys.ts';

export type LongPacketType = 'initial' | 'zero-rtt' | 'handshake' | 'retry' | 'negotiation';

export interface LongPacket {
  readonly type: LongPacketType;
  readonly version: number;
  readonly destinationId: Uint8Array;
  readonly sourceId: Uint8Array;
  /** Place of the protected packet number, from the start of the packet; 0 where there is none. */
  readonly numberAt: number;
  /** Length of the packet; several may stand in one datagram. */
  readonly length: number;
}

/** RFC 9000, 17.2; version 2 has other numbers for its types (RFC 9369, 3.2). */
const types: readonly LongPacketType[] = ['initial', 'zero-rtt', 'handshake', 'retry'];
const types2: readonly LongPacketType[] = ['retry', 'initial', 'zero-rtt', 'handshake'];

/** A packet with a long header at the start of `bytes`; undefined when it is none, or cut. */
export function readLongPacket(bytes: Uint8Array): LongPacket | undefined {
  const cursor = new Cursor(bytes);
  const first = cursor.u8();
  const version = cursor.u32();
  const destinationId = cursor.vector(1);
  const sourceId = cursor.vector(1);
  if ((first & 0x80) === 0 || cursor.isCut) return undefined;
  const base = { version, destinationId, sourceId };
  if (version === 0) return { ...base, type: 'negotiation', numberAt: 0, length: bytes.length };
  if ((first & 0x40) === 0 || destinationId.length > 20 || sourceId.length > 20) return undefined;
  const type = (version === quicVersion2 ? types2 : types)[(first >> 4) & 3] ?? 'initial';
  if (type === 'retry') return { ...base, type, numberAt: 0, length: bytes.length };
  if (type === 'initial') cursor.skip(readVarint(cursor));
  const length = readVarint(cursor);
  if (cursor.isCut || length > cursor.left) return undefined;
  return { ...base, type, numberAt: cursor.position, length: cursor.position + length };
}

/** A number of one to eight bytes (RFC 9000, 16); those beyond 2^53 lose their last bits, and are beyond any bound here. */
export function readVarint(cursor: Cursor): number {
  const first = cursor.u8();
  let value = first & 0x3f;
  for (let more = (1 << (first >> 6)) - 1; more > 0; more--) value = value * 256 + cursor.u8();
  return value;
}
