import { asBuffer, asciiText } from '../../wire/text.ts';

/** Types of protocol data units (DCE 1.1, C706, 12.6). */
export const pduType = {
  request: 0,
  response: 2,
  fault: 3,
  bind: 11,
  bindAck: 12,
  alterContext: 14,
  auth3: 16,
} as const;
const headerBytes = 16;
const maxType = 19;
/** No implementation sends fragments this long, and none may be shorter than its header. */
const maxFragmentBytes = 65_535;
const flagFirst = 0x01;
const flagObject = 0x80;

export interface Pdu {
  readonly type: number;
  readonly isFirst: boolean;
  readonly callId: number;
  /** What follows the header. */
  readonly body: Buffer;
  readonly hasObject: boolean;
  readonly isLittle: boolean;
}

/** Whether the bytes begin a PDU of version 5, and its length; `more` when they are too few to tell. */
export function pduLength(bytes: Uint8Array): number | 'more' | 'bad' {
  if (bytes.length > 0 && bytes[0] !== 5) return 'bad';
  if (bytes.length < headerBytes) return 'more';
  const isGood = (bytes[1] ?? 0) <= 1 && (bytes[2] ?? 0) <= maxType && (bytes[4] === 0x10 || bytes[4] === 0);
  const buffer = asBuffer(bytes);
  const length = bytes[4] === 0 ? buffer.readUInt16BE(8) : buffer.readUInt16LE(8);
  return isGood && length >= headerBytes && length <= maxFragmentBytes ? length : 'bad';
}

/** Undefined when the bytes are no whole header. */
export function readPdu(bytes: Uint8Array): Pdu | undefined {
  if (bytes.length < headerBytes || bytes[0] !== 5) return undefined;
  const buffer = asBuffer(bytes);
  const isLittle = bytes[4] === 0x10;
  const flags = bytes[3] ?? 0;
  return {
    type: bytes[2] ?? 0,
    isFirst: (flags & flagFirst) !== 0,
    callId: isLittle ? buffer.readUInt32LE(12) : buffer.readUInt32BE(12),
    body: buffer.subarray(headerBytes),
    hasObject: (flags & flagObject) !== 0,
    isLittle,
  };
}

/** A number of two bytes in the order that the PDU declares; 0 beyond its end. */
export function shortAt({ body, isLittle }: Pdu, at: number): number {
  if (at + 2 > body.length) return 0;
  return isLittle ? body.readUInt16LE(at) : body.readUInt16BE(at);
}

/** Presentation contexts that a bind offers: number and UUID of the interface, as many as are whole. */
export function* offeredContexts(pdu: Pdu): Generator<readonly [id: number, uuid: string]> {
  const count = pdu.body[8] ?? 0;
  let at = 12;
  for (let index = 0; index < count && at + 24 <= pdu.body.length; index++) {
    yield [shortAt(pdu, at), uuidAt(pdu, at + 4)];
    at += 24 + 20 * (pdu.body[at + 2] ?? 0);
  }
}

/** The pipe or port that a bind is answered from; empty when it is not told. */
export function secondaryAddress(pdu: Pdu): string {
  const length = shortAt(pdu, 8);
  return length < 2 || 10 + length > pdu.body.length ? '' : asciiText(pdu.body, 10, 10 + length - 1);
}

function uuidAt({ body, isLittle }: Pdu, at: number): string {
  const bytes = Buffer.from(body.subarray(at, at + 16));
  if (isLittle) {
    bytes.subarray(0, 4).reverse();
    bytes.subarray(4, 6).reverse();
    bytes.subarray(6, 8).reverse();
  }
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
