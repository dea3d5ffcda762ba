import { types } from '../../../src/collect/sources/evtx/binxml/types.ts';
import { BinXmlWriter, type Element, type Value } from './writer.ts';

export function text(value: string): Value {
  return { type: types.string, bytes: Buffer.from(value, 'utf16le') };
}

export function number(type: number, width: number, value: number): Value {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntLE(value, 0, Math.min(width, 6));
  return { type, bytes };
}

export function u8(value: number): Value {
  return number(types.uint8, 1, value);
}

export function u16(value: number): Value {
  return number(types.uint16, 2, value);
}

export function u32(value: number): Value {
  return number(types.uint32, 4, value);
}

export function hex(type: number, bytes: string): Value {
  return { type, bytes: Buffer.from(bytes, 'hex') };
}

export const nothing: Value = { type: types.null, bytes: Buffer.alloc(0) };

/** A FILETIME of microseconds since 1970. */
export function fileTime(micros: number): Value {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(micros) * 10n + 116_444_736_000_000_000n);
  return { type: types.fileTime, bytes };
}

/** A fragment whose element has no values of its own: names in it are written once more, at the place where it will stand. */
export function fragmentAt(offset: number, element: Element): Value {
  const memory = Buffer.alloc(offset + 8192);
  const writer = new BinXmlWriter(memory, offset);
  writer.fragmentHeader();
  writer.element(element, false);
  writer.u8(0);
  return { type: types.binXml, bytes: memory.subarray(offset, writer.at) };
}
