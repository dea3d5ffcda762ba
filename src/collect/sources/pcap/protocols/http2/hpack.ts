import { asBuffer, wireText } from '../../wire/text.ts';
import { Cursor } from '../../wire/cursor.ts';
import staticEntries from './data/static-table.json' with { type: 'json' };
import { decodeHuffman } from './huffman.ts';

export interface Field {
  readonly name: string;
  readonly value: string;
}

const staticTable: readonly Field[] = staticEntries.map(([name = '', value = '']) => ({ name, value }));
/** Cost of an entry beyond its texts (RFC 7541, 4.1). */
const entryOverhead = 32;
/** Larger tables than the default need a setting of the peer; more than this is not kept. */
const maxTableBytes = 65_536;
/** Fields of one block, and their text, that are read: one byte of input may stand for a field of kilobytes. */
const maxFields = 200;
const maxBlockText = 65_536;

/** The header compression of one side of an HTTP/2 connection (RFC 7541). After an error nothing more can be read of that side. */
export class HpackDecoder {
  #entries: Field[] = [];
  #bytes = 0;
  #limit = 4096;

  /** The fields of a header block; undefined when it is damaged, or beyond a bound. */
  decode(block: Uint8Array): Field[] | undefined {
    const cursor = new Cursor(block);
    const fields: Field[] = [];
    let text = 0;
    while (cursor.left > 0) {
      const first = block[cursor.position] ?? 0;
      if ((first & 0xe0) === 0x20) {
        this.#resize(readInteger(cursor, 5));
        continue;
      }
      const field = (first & 0x80) === 0 ? this.#literal(cursor, first) : this.#at(readInteger(cursor, 7));
      if (field === undefined || cursor.isCut) return undefined;
      text += field.name.length + field.value.length;
      if (fields.length >= maxFields || text > maxBlockText) return undefined;
      fields.push(field);
    }
    return fields;
  }

  #literal(cursor: Cursor, first: number): Field | undefined {
    const isIndexed = (first & 0x40) !== 0;
    const index = readInteger(cursor, isIndexed ? 6 : 4);
    const name = index === 0 ? readText(cursor) : this.#at(index)?.name;
    const value = readText(cursor);
    if (name === undefined || value === undefined) return undefined;
    const field = { name, value };
    if (isIndexed) this.#add(field);
    return field;
  }

  #at(index: number): Field | undefined {
    return index <= staticTable.length ? staticTable[index - 1] : this.#entries[index - staticTable.length - 1];
  }

  #add(field: Field): void {
    this.#entries.unshift(field);
    this.#bytes += sizeOf(field);
    this.#evict();
  }

  #resize(limit: number): void {
    this.#limit = Math.min(limit, maxTableBytes);
    this.#evict();
  }

  #evict(): void {
    while (this.#bytes > this.#limit) {
      const last = this.#entries.pop();
      if (last === undefined) break;
      this.#bytes -= sizeOf(last);
    }
  }
}

function sizeOf({ name, value }: Field): number {
  return name.length + value.length + entryOverhead;
}

/** A number in the low bits of a byte, and on from there in groups of seven (RFC 7541, 5.1); at most 2^32. */
function readInteger(cursor: Cursor, bits: number): number {
  const most = (1 << bits) - 1;
  let value = cursor.u8() & most;
  if (value < most) return value;
  for (let shift = 0; shift <= 28; shift += 7) {
    const byte = cursor.u8();
    value += (byte & 0x7f) * 2 ** shift;
    if ((byte & 0x80) === 0) return value;
  }
  cursor.isCut = true;
  return 0;
}

function readText(cursor: Cursor): string | undefined {
  const isCoded = ((cursor.bytes[cursor.position] ?? 0) & 0x80) !== 0;
  const bytes = cursor.take(readInteger(cursor, 7));
  if (cursor.isCut) return undefined;
  const plain = isCoded ? decodeHuffman(bytes) : asBuffer(bytes);
  return plain === undefined ? undefined : wireText(plain);
}
