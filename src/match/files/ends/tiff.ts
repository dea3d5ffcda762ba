import type { ContainerEnd } from './container-end.ts';

const headerBytes = 8;
const entryBytes = 12;
/** Directories, entries and offsets that are looked at, all together: they may overlap, so that a small file can name any number. */
const maxLooks = 4_000_000;

/** Bytes of one value by field type (TIFF 6.0, section 2; 13 is that of a directory's offset). */
const sizes: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
/** Tags whose values are offsets of what the next of the pair has the lengths of: strips, free space, tiles, a thumbnail in JPEG. */
const areas: readonly (readonly [offsets: number, lengths: number])[] = [
  [273, 279],
  [288, 289],
  [324, 325],
  [513, 514],
];
/** Sub-images, Exif, GPS and interoperability: offsets of further directories. */
const directoryTags: ReadonlySet<number> = new Set([330, 34_665, 34_853, 40_965]);
/** A camera's own notes, and from 50,000 on what raw pictures have: they can point anywhere. Those of ImageJ stand in the values themselves. */
const isOpaque = (tag: number): boolean => tag === 37_500 || (tag >= 50_000 && tag !== 50_838 && tag !== 50_839);

/** GDAL repeats the last four bytes of a tile behind it, and says so in front. */
const structuralMetadata = 'GDAL_STRUCTURAL_METADATA';
const repeatedBytes = 4;

interface Entry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where the values stand. */
  readonly at: number;
}

/** Byte after the last thing that the directories of a TIFF file name (TIFF 6.0, section 2). */
export function findTiffEnd(bytes: Uint8Array): ContainerEnd {
  if (bytes.length < headerBytes) return { fault: 'it ends before its header does' };
  return new TiffReader(bytes).end();
}

class TiffReader {
  readonly #view: DataView;
  readonly #isLittle: boolean;
  readonly #repeated: number;
  readonly #open: number[] = [];
  readonly #seen = new Set<number>();
  #end = headerBytes;
  #left = maxLooks;
  #fault: string | undefined;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#isLittle = bytes[0] === 0x49;
    const head = Buffer.from(bytes.subarray(headerBytes, headerBytes + structuralMetadata.length)).toString('latin1');
    this.#repeated = head === structuralMetadata ? repeatedBytes : 0;
  }

  end(): ContainerEnd {
    this.#open.push(this.#u32(4));
    for (let at = this.#open.pop(); at !== undefined && this.#fault === undefined; at = this.#open.pop()) {
      if (at === 0 || this.#seen.has(at)) continue;
      this.#seen.add(at);
      this.#directory(at);
    }
    if (this.#seen.size === 0) return { fault: 'it has no directory' };
    return this.#fault === undefined ? { end: this.#end } : { fault: this.#fault };
  }

  #directory(at: number): void {
    const count = this.#u16(at);
    const next = at + 2 + count * entryBytes;
    this.#covers(next + 4);
    this.#looks(1 + count);
    if (this.#fault !== undefined) return;
    const entries = Array.from({ length: count }, (_none, index) => this.#entry(at + 2 + index * entryBytes));
    for (const { tag, type, count: values, at: place } of entries) {
      this.#covers(place + values * (sizes[type] ?? 0));
      if (isOpaque(tag)) this.#fault ??= 'it has notes of a camera, which can point anywhere';
    }
    if (this.#fault !== undefined) return;
    // One by one: an entry can name more directories than a call takes arguments.
    for (const entry of entries.filter(({ tag }) => directoryTags.has(tag))) {
      for (const offset of this.#values(entry)) this.#open.push(offset);
    }
    for (const [offsets, lengths] of areas) this.#areas(entries, offsets, lengths);
    this.#open.push(this.#u32(next));
  }

  #areas(entries: readonly Entry[], offsetTag: number, lengthTag: number): void {
    const [offsets, lengths] = [offsetTag, lengthTag].map((tag) => entries.find((entry) => entry.tag === tag));
    if (offsets === undefined || lengths === undefined) return;
    const sizesOf = this.#values(lengths);
    for (const [index, offset] of this.#values(offsets).entries()) {
      const length = sizesOf[index] ?? 0;
      if (offset > 0 && length > 0) this.#covers(offset + length, this.#repeated);
    }
  }

  #entry(at: number): Entry {
    const [tag, type, count] = [this.#u16(at), this.#u16(at + 2), this.#u32(at + 4)];
    const isInline = count * (sizes[type] ?? 0) <= 4;
    return { tag, type, count, at: isInline ? at + 8 : this.#u32(at + 8) };
  }

  /** Whole numbers of an entry whose values are within the file, so that they are no more than its bytes. */
  #values({ type, count, at }: Entry): number[] {
    const size = sizes[type] ?? 0;
    this.#looks(count);
    if ((size !== 2 && size !== 4) || this.#fault !== undefined) return [];
    return Array.from({ length: count }, (_none, index) =>
      size === 2 ? this.#u16(at + index * 2) : this.#u32(at + index * 4),
    );
  }

  #looks(count: number): void {
    this.#left -= count;
    if (this.#left < 0) this.#fault ??= 'it names too many parts';
  }

  #covers(end: number, more = 0): void {
    if (end > this.#view.byteLength) this.#fault ??= 'it ends before what its directories name';
    else this.#end = Math.max(this.#end, Math.min(end + more, this.#view.byteLength));
  }

  #u16(at: number): number {
    return at + 2 <= this.#view.byteLength ? this.#view.getUint16(at, this.#isLittle) : 0;
  }

  #u32(at: number): number {
    return at + 4 <= this.#view.byteLength ? this.#view.getUint32(at, this.#isLittle) : 0;
  }
}
