import { maxSections, type Layout, type ReadAt, type Section } from './layout.ts';

/** Sections of an ELF file (gabi, chapter 4); without a table of them its loaded segments, named `load`. */
export function readElf(head: Buffer, read: ReadAt): Layout {
  const is64 = head[4] === 2;
  const isLittle = head[5] !== 2;
  const fields = new Fields(isLittle, is64);
  const table = readSections(head, read, fields);
  const sections = table === 'cut' || table.length === 0 ? readSegments(head, read, fields) : table;
  return { format: 'elf', isLittle, sections, ...(table === 'cut' ? { isDamaged: true } : {}) };
}

/** Numbers as a file of this byte order and width has them. */
class Fields {
  readonly is64: boolean;
  readonly #isLittle: boolean;

  constructor(isLittle: boolean, is64: boolean) {
    this.#isLittle = isLittle;
    this.is64 = is64;
  }

  half(bytes: Buffer, at: number): number {
    return this.#isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }

  word(bytes: Buffer, at: number): number {
    return this.#isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }

  /** Address or offset. Past 2^53 it is no longer exact, and is in no file. */
  wide(bytes: Buffer, at: number): number {
    if (!this.is64) return this.word(bytes, at);
    return Number(this.#isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  }
}

/** `cut` when the header says that there is a table where the file has ended. */
function readSections(head: Buffer, read: ReadAt, fields: Fields): Section[] | 'cut' {
  const { is64 } = fields;
  const tableAt = fields.wide(head, is64 ? 40 : 32);
  const entryBytes = fields.half(head, is64 ? 58 : 46);
  const count = Math.min(fields.half(head, is64 ? 60 : 48), maxSections);
  const namesIndex = fields.half(head, is64 ? 62 : 50);
  if (tableAt === 0 || entryBytes < (is64 ? 64 : 40) || namesIndex >= count) return [];
  const table = read(tableAt, entryBytes * count);
  if (table.length < entryBytes * count) return 'cut';
  const place = (index: number): { offset: number; bytes: number; address: number } => {
    const at = index * entryBytes;
    return {
      address: fields.wide(table, at + (is64 ? 16 : 12)),
      offset: fields.wide(table, at + (is64 ? 24 : 16)),
      bytes: fields.wide(table, at + (is64 ? 32 : 20)),
    };
  };
  const namesPlace = place(namesIndex);
  const names = read(namesPlace.offset, Math.min(namesPlace.bytes, 2 ** 16));
  return Array.from({ length: count }, (_none, index) => {
    const start = fields.word(table, index * entryBytes);
    const end = names.indexOf(0, start);
    // A section without content in the file (.bss) has a size all the same.
    const isEmpty = fields.word(table, index * entryBytes + 4) === 8;
    const name = end < 0 ? '' : names.toString('latin1', start, end);
    return { name, ...place(index), ...(isEmpty ? { bytes: 0 } : {}) };
  });
}

function readSegments(head: Buffer, read: ReadAt, fields: Fields): Section[] {
  const { is64 } = fields;
  const tableAt = fields.wide(head, is64 ? 32 : 28);
  const entryBytes = fields.half(head, is64 ? 54 : 42);
  const count = Math.min(fields.half(head, is64 ? 56 : 44), maxSections);
  const table = read(tableAt, entryBytes * count);
  const segments: Section[] = [];
  for (let at = 0; entryBytes >= (is64 ? 56 : 32) && at + entryBytes <= table.length; at += entryBytes) {
    if (fields.word(table, at) !== 1) continue;
    segments.push({
      name: 'load',
      offset: fields.wide(table, at + (is64 ? 8 : 4)),
      address: fields.wide(table, at + (is64 ? 16 : 8)),
      bytes: fields.wide(table, at + (is64 ? 32 : 16)),
    });
  }
  return segments;
}
