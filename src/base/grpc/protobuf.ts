/** One field of a message, as it stands on the wire: a number for wire type 0, bytes for type 2. */
export interface ProtobufField {
  readonly number: number;
  readonly value: number | Buffer;
}

const varint = 0;
const fixed64 = 1;
const lengthDelimited = 2;
const fixed32 = 5;

/**
 * Fields of a message in Protocol Buffers' wire format, in their order; numbers above 2^53 are rounded, those of fixed size passed over.
 * Throws a `RangeError` for bytes that are no message.
 */
export function* protobufFields(message: Buffer): Generator<ProtobufField> {
  let at = 0;
  const number = (): number => {
    const start = at;
    for (let value = 0; at < message.length && at - start < 10;) {
      const byte = message[at] ?? 0;
      value += (byte & 0x7f) * 2 ** (7 * (at - start));
      at++;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number of the message is cut');
  };
  const skip = (length: number): number => {
    const start = at;
    if (length > message.length - at) throw new RangeError('a field goes beyond the end of the message');
    at += length;
    return start;
  };
  while (at < message.length) {
    const tag = number();
    const field = Math.floor(tag / 8);
    const type = tag % 8;
    if (type === varint) yield { number: field, value: number() };
    else if (type === lengthDelimited) {
      const length = number();
      const start = skip(length);
      yield { number: field, value: message.subarray(start, at) };
    } else if (type === fixed64) skip(8);
    else if (type === fixed32) skip(4);
    else throw new RangeError(`fields of the wire type ${type} are not in use`);
  }
}

/** The bytes of each field with this number. */
export function bytesOfField(message: Buffer, wanted: number): Buffer[] {
  const found: Buffer[] = [];
  for (const { number, value } of protobufFields(message)) {
    if (number === wanted && typeof value !== 'number') found.push(value);
  }
  return found;
}

/** The text of a field: the last one counts, and a missing one is empty, as the format has it. */
export function textOfField(message: Buffer, wanted: number): string {
  return bytesOfField(message, wanted).at(-1)?.toString('utf8') ?? '';
}

/** The number of a field: the last one counts, and a missing one is 0. */
export function numberOfField(message: Buffer, wanted: number): number {
  let found = 0;
  for (const { number, value } of protobufFields(message)) {
    if (number === wanted && typeof value === 'number') found = value;
  }
  return found;
}

/** A field of text as it goes over the wire. Field numbers up to 15 and texts below 128 bytes need one byte each. */
export function textField(number: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest >= 0x80; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([number * 8 + lengthDelimited, ...length, rest]), bytes]);
}
