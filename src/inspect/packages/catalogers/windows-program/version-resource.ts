import type { Executable } from '../../executable/executable.ts';

/** What the version resource of a program says (VS_VERSIONINFO). */
export interface VersionResource {
  /** `ProductVersion`, `InternalName` and the like; the first table of several languages counts. */
  readonly strings: ReadonlyMap<string, string>;
  /** Four numbers of the fixed part. */
  readonly fileVersion: string | undefined;
  /** It holds code of .NET. */
  readonly isAssembly: boolean;
}

const resourceDirectory = 2;
const clrDirectory = 14;
const versionType = 16;
/** Kinds of resources in one program, of which there are two dozen. */
const maxEntries = 256;
const maxBlockBytes = 2 ** 16;
const maxTextBytes = 512;
/** Texts of one resource; a dozen is usual. */
const maxTexts = 256;

/** The version resource of a program of Windows; undefined when it has none, or one that leads out of the file. */
export function readVersionResource(program: Executable): VersionResource | undefined {
  const { pe } = program.layout;
  const root = pe?.directories[resourceDirectory] ?? 0;
  if (pe === undefined || root === 0) return undefined;
  const at = (offset: number, length: number): Buffer => program.atAddress(pe.base + offset, length) ?? Buffer.alloc(0);
  // Types, names, languages: of the last two the first.
  let directory = root;
  for (const level of ['type', 'name', 'language']) {
    const next = readEntry(at(directory, 16 + maxEntries * 8), level === 'type' ? versionType : undefined);
    if (next === undefined || next.isDirectory !== (level !== 'language')) return undefined;
    directory = root + next.offset;
  }
  const place = at(directory, 8);
  if (place.length < 8) return undefined;
  const block = at(place.readUInt32LE(0), Math.min(place.readUInt32LE(4), maxBlockBytes));
  const isAssembly = (pe.directories[clrDirectory] ?? 0) !== 0;
  return { strings: readStrings(block), fileVersion: readFixed(block), isAssembly };
}

/** The entry of a resource directory with a number, else its first. */
function readEntry(bytes: Buffer, id: number | undefined): { offset: number; isDirectory: boolean } | undefined {
  if (bytes.length < 16) return undefined;
  const count = Math.min(bytes.readUInt16LE(12) + bytes.readUInt16LE(14), maxEntries);
  for (let at = 16; at < 16 + count * 8 && at + 8 <= bytes.length; at += 8) {
    if (id !== undefined && bytes.readUInt32LE(at) !== id) continue;
    const offset = bytes.readUInt32LE(at + 4);
    return { offset: offset & 0x7f_ff_ff_ff, isDirectory: offset >= 0x80_00_00_00 };
  }
  return undefined;
}

/** A part of the block: its key, where its value begins, and where it ends. */
interface Part {
  readonly key: string;
  readonly valueAt: number;
  readonly valueBytes: number;
  readonly end: number;
}

/** Undefined where no part stands. Lengths that lead out are cut. */
function readPart(block: Buffer, at: number, end: number): Part | undefined {
  if (at + 6 > end) return undefined;
  const length = block.readUInt16LE(at);
  if (length < 8) return undefined;
  const last = Math.min(at + length, end);
  const { text, next } = readText(block, at + 6, last);
  return { key: text, valueAt: aligned(next), valueBytes: block.readUInt16LE(at + 2), end: last };
}

/** UTF-16 up to a zero; of a long text the beginning, for there may be a hundred thousand programs. */
function readText(block: Buffer, at: number, end: number): { text: string; next: number } {
  let next = at;
  while (next + 2 <= end && block.readUInt16LE(next) !== 0) next += 2;
  return { text: block.toString('utf16le', at, Math.min(next, at + maxTextBytes)), next: next + 2 };
}

function aligned(at: number): number {
  return Math.ceil(at / 4) * 4;
}

function* partsOf(block: Buffer, start: number, end: number): Generator<Part> {
  let at = start;
  for (let count = 0; count < maxTexts; count++) {
    const part = readPart(block, at, end);
    if (part === undefined) return;
    yield part;
    at = aligned(part.end);
  }
}

function readStrings(block: Buffer): Map<string, string> {
  const strings = new Map<string, string>();
  const root = readPart(block, 0, block.length);
  if (root?.key !== 'VS_VERSION_INFO') return strings;
  for (const info of partsOf(block, aligned(root.valueAt + root.valueBytes), root.end)) {
    if (info.key !== 'StringFileInfo') continue;
    for (const table of partsOf(block, info.valueAt, info.end)) {
      for (const { key, valueAt, end } of partsOf(block, table.valueAt, table.end)) {
        // Some write the length of a text in bytes, some in letters: it ends with a zero, or with its part.
        const { text } = readText(block, valueAt, end);
        if (strings.size < maxTexts && !strings.has(key)) strings.set(key, text.trim());
      }
    }
  }
  return strings;
}

function readFixed(block: Buffer): string | undefined {
  const root = readPart(block, 0, block.length);
  if (root === undefined || root.valueBytes < 52 || root.valueAt + 16 > block.length) return undefined;
  if (block.readUInt32LE(root.valueAt) !== 0xfe_ef_04_bd) return undefined;
  const numbers = [10, 8, 14, 12].map((offset) => block.readUInt16LE(root.valueAt + offset));
  return numbers.some((number) => number > 0) ? numbers.join('.') : undefined;
}
