import { zstdDecompressSync } from 'node:zlib';
import { unpackLz4 } from '../../../base/lz4.ts';

/** Flags of an object: how its data are packed. */
const packed = { xz: 1, lz4: 2, zstd: 4 } as const;

/** A field of one entry or several. */
export interface Datum {
  readonly name: string;
  readonly value: string;
}

/** What is wrong with a data object, as a word for a message. */
type Fault = 'damaged' | 'packed with XZ, which is not read' | 'no field';

/** The field in the payload of a data object. What it unpacks to is bounded by `maxBytes`. */
export function readDatum(payload: Buffer, flags: number, maxBytes: number): Datum | Fault {
  const bytes = readField(payload, flags, maxBytes);
  if (typeof bytes === 'string') return bytes;
  const equals = bytes.indexOf(61);
  return { name: bytes.toString('latin1', 0, equals), value: bytes.toString('utf8', equals + 1) };
}

/** The same as it stands there: `NAME=` and the bytes of the value, which need not be text. */
export function readField(payload: Buffer, flags: number, maxBytes: number): Buffer | Fault {
  if ((flags & packed.xz) !== 0) return 'packed with XZ, which is not read';
  const bytes = unpack(payload, flags, maxBytes);
  if (bytes === undefined) return 'damaged';
  const equals = bytes.subarray(0, 65).indexOf(61);
  const name = bytes.toString('latin1', 0, Math.max(0, equals));
  return /^[A-Z_][A-Z\d_]{0,63}$/.test(name) ? bytes : 'no field';
}

function unpack(payload: Buffer, flags: number, maxBytes: number): Buffer | undefined {
  if ((flags & packed.zstd) !== 0) {
    try {
      return zstdDecompressSync(payload, { maxOutputLength: maxBytes });
    } catch {
      return undefined;
    }
  }
  if ((flags & packed.lz4) === 0) return payload;
  if (payload.length < 8) return undefined;
  const size = Number(payload.readBigUInt64LE(0));
  return size <= maxBytes ? unpackLz4(payload.subarray(8), size) : undefined;
}
