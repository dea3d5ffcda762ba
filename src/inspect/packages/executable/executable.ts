import type { FileTree, TreeEntry } from '../../tree/tree.ts';
import { readElf } from './elf.ts';
import type { Layout, ReadAt, Section } from './layout.ts';
import { readMachO } from './mach-o.ts';
import { readPe } from './pe.ts';

/** A program of a tree that is read in places. */
export class Executable {
  readonly layout: Layout;
  readonly #read: ReadAt;

  constructor(layout: Layout, read: ReadAt) {
    this.layout = layout;
    this.#read = read;
  }

  section(name: string): Section | undefined {
    return this.layout.sections.find((section) => section.name === name);
  }

  /** Content of a section, cut to the bound. */
  content({ offset, bytes }: Section, maxBytes: number): Buffer {
    return this.#read(offset, Math.min(bytes, maxBytes));
  }

  /** Bytes that are loaded at an address; undefined when no section is. */
  atAddress(address: number, length: number): Buffer | undefined {
    const section = this.layout.sections.find(
      (one) => one.address !== 0 && address >= one.address && address < one.address + one.bytes,
    );
    if (section === undefined) return undefined;
    const skipped = address - section.address;
    return this.#read(section.offset + skipped, Math.min(length, section.bytes - skipped));
  }
}

const elfMagic = 0x7f_45_4c_46;

/** Several catalogers look at the same program one after another. */
const opened = new WeakMap<TreeEntry, Executable | null>();

/** Whether a name of a tree may be a program: it can be run, or is named like one of Windows. */
export function mayBeProgram({ type, mode, path, size }: TreeEntry): boolean {
  return type === 'file' && size > 64 && ((mode & 0o111) !== 0 || /\.(?:exe|dll)$/i.test(path));
}

/** An ELF, PE or Mach-O program, which may be damaged; undefined for anything else. */
export function openExecutable(tree: FileTree, entry: TreeEntry): Executable | undefined {
  const known = opened.get(entry);
  if (known !== undefined) return known ?? undefined;
  const read: ReadAt = (offset, length) => tree.readAt(entry.path, offset, length) ?? Buffer.alloc(0);
  const head = read(0, 4096);
  const layout = layoutOf(head, read);
  const executable = layout === undefined ? undefined : new Executable(layout, read);
  opened.set(entry, executable ?? null);
  return executable;
}

function layoutOf(head: Buffer, read: ReadAt): Layout | undefined {
  if (head.length < 64) return undefined;
  const magic = head.readUInt32BE(0);
  try {
    if (magic === elfMagic) return readElf(head, read);
    if (magic >>> 16 === 0x4d_5a) return readPe(head, read);
    return readMachO(head, read);
  } catch (error) {
    // Reading past the end of a buffer: the headers are cut.
    if (!(error instanceof RangeError)) throw error;
    return magic === elfMagic ? { format: 'elf', isLittle: true, sections: [], isDamaged: true } : undefined;
  }
}
