import { decodeUtf8 } from '../../../../base/bytes.ts';

export interface CborTag {
  readonly tag: number;
  readonly value: CborValue;
}
export type CborKey = number | string;
export type CborValue =
  | number
  | bigint
  | string
  | boolean
  | null
  | undefined
  | Buffer
  | CborValue[]
  | Map<CborKey, CborValue>
  | CborTag;

/** Nesting, and values in all; an envelope needs 5 and some dozens. */
const maxDepth = 16;
const maxItems = 4096;

/**
 * One CBOR value (RFC 8949) that fills the bytes, in the deterministic subset that COSE envelopes are written in: lengths are
 * definite, map keys are integers or text and differ. Undefined for everything else, floats included.
 */
export function decodeCbor(bytes: Buffer): CborValue {
  const reader = new Reader(bytes);
  try {
    const value = reader.value(0);
    return reader.isAtEnd ? value : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export function isCborTag(value: CborValue): value is CborTag {
  return typeof value === 'object' && value !== null && 'tag' in value;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  #items = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): CborValue {
    if (depth > maxDepth || ++this.#items > maxItems) throw new RangeError('nested too deeply, or too many values');
    const head = this.#bytes.readUInt8(this.#at++);
    const [major, info] = [head >> 5, head & 31];
    if (major === 7) return simpleValue(info);
    const argument = this.#argument(info);
    if (major === 0) return argument;
    if (major === 1) return typeof argument === 'bigint' ? -1n - argument : -1 - argument;
    const count = Number(argument);
    if (major === 2) return this.#take(count);
    if (major === 3) return decodeUtf8(this.#take(count));
    if (major === 4) return this.#list(count, depth);
    if (major === 5) return this.#map(count, depth);
    return { tag: count, value: this.value(depth + 1) };
  }

  /** The number behind a head: in it, or in the 1, 2, 4 or 8 bytes that follow. */
  #argument(info: number): number | bigint {
    if (info < 24) return info;
    const size = [1, 2, 4, 8][info - 24];
    if (size === undefined) throw new RangeError('indefinite or reserved length');
    const at = this.#at;
    this.#at += size;
    if (size < 8) return this.#bytes.readUIntBE(at, size);
    const long = this.#bytes.readBigUInt64BE(at);
    return long <= Number.MAX_SAFE_INTEGER ? Number(long) : long;
  }

  #take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw new RangeError('cut');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #list(count: number, depth: number): CborValue[] {
    const list: CborValue[] = [];
    for (let index = 0; index < count; index++) list.push(this.value(depth + 1));
    return list;
  }

  #map(count: number, depth: number): Map<CborKey, CborValue> {
    const map = new Map<CborKey, CborValue>();
    for (let index = 0; index < count; index++) {
      const key = this.value(depth + 1);
      if ((typeof key !== 'number' && typeof key !== 'string') || map.has(key)) throw new RangeError('bad key');
      map.set(key, this.value(depth + 1));
    }
    return map;
  }
}

function simpleValue(info: number): boolean | null | undefined {
  if (info === 20 || info === 21) return info === 21;
  if (info === 22) return null;
  throw new RangeError('floats and other simple values');
}
