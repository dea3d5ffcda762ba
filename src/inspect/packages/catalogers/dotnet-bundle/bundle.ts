import type { TreeEntry } from '../../../tree/tree.ts';
import type { Executable } from '../../executable/executable.ts';
import type { ReadAt, Section } from '../../executable/layout.ts';

/** SHA-256 of `.net core bundle`; the eight bytes before it are the place of the bundle's header, or zero (dotnet/runtime, bundle_marker). */
const signature = Buffer.from('8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae', 'hex');
/** Sections in which the host keeps variables: ELF and PE, Mach-O. They are looked at first. */
const dataSections: ReadonlySet<string> = new Set(['.data', '__data']);
/** Looked at in all sections together; the host with the whole runtime in it has some twelve megabytes. */
const maxSearchedBytes = 2 ** 25;
/** A bundle begins with assemblies; an entry for each section stands before it. */
const minBundleBytes = 2 ** 12;
const maxFiles = 10_000;
/** Kind of a file in a bundle: `*.deps.json`. */
const depsKind = 3;

export interface Place {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Where the `*.deps.json` of a single-file application stands in its program; undefined for any other program, `damaged` where the program
 * says that there is a bundle, and there is none. Layout: dotnet/designs, single-file/bundler.md.
 */
export function findDeps(program: Executable, { size }: TreeEntry, read: ReadAt): Place | 'damaged' | undefined {
  const { sections } = program.layout;
  const end = sections.reduce((most, { offset, bytes }) => Math.max(most, offset + bytes), 0);
  // Nothing stands behind the program itself: most programs are done with here.
  if (size < end + 64 * sections.length + minBundleBytes) return undefined;
  const rank = ({ name }: Section): number => (dataSections.has(name) ? 0 : 1);
  let left = maxSearchedBytes;
  for (const section of sections.toSorted((a, b) => rank(a) - rank(b))) {
    const data = program.content(section, left);
    left -= data.length;
    const at = data.indexOf(signature);
    if (at < 8) continue;
    const header = Number(data.readBigInt64LE(at - 8));
    return header === 0 ? undefined : readHeader(header, size, read);
  }
  return undefined;
}

function readHeader(at: number, size: number, read: ReadAt): Place | 'damaged' | undefined {
  if (at < 0 || at >= size) return 'damaged';
  const cursor = new Cursor(read, at);
  try {
    const major = cursor.word();
    cursor.word();
    const count = cursor.word();
    cursor.text();
    const place = major >= 2 ? cursor.place() : findEntry(cursor, count);
    if (place === undefined || place.bytes === 0) return undefined;
    return place.offset > 0 && place.bytes > 0 && place.offset + place.bytes <= size ? place : 'damaged';
  } catch (error) {
    if (error instanceof RangeError) return 'damaged';
    throw error;
  }
}

/** The first form, of .NET Core 3: the list of files is gone through. */
function findEntry(cursor: Cursor, count: number): Place | undefined {
  for (let index = 0; index < Math.min(count, maxFiles); index++) {
    const place = cursor.place();
    const kind = cursor.byte();
    cursor.text();
    if (kind === depsKind) return place;
  }
  return undefined;
}

/** Reads on and on in a file. Throws RangeError at its end. */
class Cursor {
  readonly #read: ReadAt;
  #block: Buffer = Buffer.alloc(0);
  #at: number;
  #next = 0;

  constructor(read: ReadAt, at: number) {
    this.#read = read;
    this.#at = at;
  }

  #take(length: number): Buffer {
    if (this.#next + length > this.#block.length) {
      this.#at += this.#next;
      this.#next = 0;
      this.#block = this.#read(this.#at, 2 ** 16);
      if (this.#block.length < length) throw new RangeError('the file has ended');
    }
    const bytes = this.#block.subarray(this.#next, this.#next + length);
    this.#next += length;
    return bytes;
  }

  byte(): number {
    return this.#take(1)[0] ?? 0;
  }

  word(): number {
    return this.#take(4).readUInt32LE(0);
  }

  /** Two numbers of 64 bits; one past 2^53 is in no file. */
  place(): Place {
    const bytes = this.#take(16);
    return { offset: Number(bytes.readBigInt64LE(0)), bytes: Number(bytes.readBigInt64LE(8)) };
  }

  /** Its length stands before it in groups of seven bits; a path has two at most. */
  text(): void {
    const first = this.byte();
    this.#take(first < 0x80 ? first : (first & 0x7f) | (this.byte() << 7));
  }
}
