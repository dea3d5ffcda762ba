import { formatBytes } from '../../../base/bytes.ts';
import { VakthundError, messageOf } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import { normalPath } from '../../tree/tree.ts';
import { compressionOf, decompressed } from '../../../base/decompress.ts';
import { isOverExpanded, type ImageLimits } from '../limits.ts';
import { DiskFile, Spool, type DiskSection } from '../spool.ts';
import { TarReader, type TarSink } from '../tar/tar-reader.ts';

/** Members that are links may lead to links. */
const maxHops = 8;
/** Archives of images have a few members for each layer; a root filesystem has any number, and none of them is asked for. */
const maxMembers = 100_000;
/** What says that there is an image is found behind any number of others. */
const signposts = new Set([
  'manifest.json',
  './manifest.json',
  'index.json',
  './index.json',
  'oci-layout',
  './oci-layout',
]);

/** A tar with an image in it: its members by normal path. Nothing of it is unpacked. */
export interface TarArchive {
  readonly file: DiskFile;
  /** The tar itself, uncompressed. */
  readonly tar: DiskSection;
  readonly problems: readonly Problem[];
  /** No header of a tar was found in it. */
  readonly isEmpty: boolean;
  /** Bytes of a member, links followed inside the archive; undefined when there is none. */
  member(name: string): DiskSection | undefined;
}

interface Found {
  readonly offset: number;
  readonly size: number;
  /** Another member that it is a link to. */
  readonly target?: string;
}

/** Opens a tar on disk; a compressed one is decompressed into the spool first. Throws when it is none. */
export async function openTarArchive(
  path: string,
  limits: ImageLimits,
  spoolFolder: string | undefined,
): Promise<TarArchive> {
  const file = DiskFile.open(path);
  const index = new ArchiveIndex(path, limits);
  const whole = file.whole();
  const head = Buffer.alloc(6);
  whole.fill(head, 0, head.length, 0);
  if (compressionOf(head) === 'none') {
    index.hop(whole);
    return index.archive(file, whole);
  }
  try {
    return await spooled(index, decompressed(whole.chunks()), spoolFolder, whole.size);
  } finally {
    file.close();
  }
}

/** A tar that comes as a stream and is kept in the spool; `name` is what problems call it. */
export function spoolTarArchive(
  name: string,
  bytes: AsyncIterable<Buffer>,
  limits: ImageLimits,
  spoolFolder: string | undefined,
): Promise<TarArchive> {
  return spooled(new ArchiveIndex(name, limits), bytes, spoolFolder);
}

async function spooled(
  index: ArchiveIndex,
  bytes: AsyncIterable<Buffer>,
  spoolFolder: string | undefined,
  storedBytes?: number,
): Promise<TarArchive> {
  const spool = Spool.create(spoolFolder);
  try {
    await index.spool(bytes, spool, storedBytes);
    return index.archive(spool, spool.section(0, spool.size));
  } catch (error) {
    spool.close();
    throw error;
  }
}

class ArchiveIndex {
  readonly #path: string;
  readonly #limits: ImageLimits;
  readonly #members = new Map<string, Found>();
  readonly #problems: Problem[] = [];
  readonly #reader: TarReader;
  #isEmpty = true;

  constructor(path: string, limits: ImageLimits) {
    this.#path = path;
    this.#limits = limits;
    const sink: TarSink = {
      member: ({ name, type, offset, size, target, sparse }) => {
        this.#isEmpty = false;
        if ((this.#members.size >= maxMembers && !signposts.has(name)) || sparse !== undefined) return;
        const own = normalPath(name);
        if (type === 'file') this.#members.set(own, { offset, size });
        else if (type === 'link') this.#members.set(own, { offset, size, target: normalPath(target) });
        else if (type === 'symlink') {
          this.#members.set(own, { offset, size, target: normalPath(`${own}/../${target}`) });
        }
      },
      problem: (code, byte, message) => this.#problems.push({ code, at: { path, byte }, message }),
    };
    this.#reader = new TarReader(sink);
  }

  /** Reads headers and leaps over what is between them. */
  hop(tar: DiskSection): void {
    const block = Buffer.alloc(1 << 16);
    let position = 0;
    while (!this.#reader.isEnded) {
      const { skippable } = this.#reader;
      if (skippable > 0) {
        const step = Math.min(skippable, tar.size - position);
        this.#reader.skip(step);
        position += step;
      }
      const count = tar.fill(block, 0, block.length, position);
      if (count === 0) break;
      this.#reader.push(block.subarray(0, count));
      position += count;
    }
    this.#reader.end();
  }

  /** `storedBytes`: of the compressed file. */
  async spool(bytes: AsyncIterable<Buffer>, spool: Spool, storedBytes: number = Infinity): Promise<void> {
    try {
      for await (const chunk of bytes) {
        const reason = this.#whyNoFurther(storedBytes, spool.size + chunk.length);
        if (reason !== undefined) {
          const message = `the archive ${reason}; the rest was not read`;
          this.#problems.push({ code: 'limit-reached', at: { path: this.#path }, message });
          return;
        }
        spool.append(chunk);
        this.#reader.push(chunk);
      }
      this.#reader.end();
    } catch (error) {
      if (error instanceof VakthundError && error.hint !== undefined) throw error;
      const message = `the archive ends early: ${messageOf(error)}`;
      this.#problems.push({ code: 'decompress-failed', at: { path: this.#path }, message });
    } finally {
      spool.settle();
    }
  }

  #whyNoFurther(stored: number, unpacked: number): string | undefined {
    const { bytes, expansion, expansionFloor } = this.#limits;
    if (unpacked > bytes) return `has more than ${formatBytes(bytes)}`;
    if (!isOverExpanded(stored, unpacked, this.#limits)) return undefined;
    return `grows to more than ${expansion} times its size, and ${formatBytes(expansionFloor)}`;
  }

  archive(file: DiskFile, tar: DiskSection): TarArchive {
    return {
      file,
      tar,
      problems: this.#problems,
      isEmpty: this.#isEmpty,
      member: (name) => {
        let found = this.#members.get(normalPath(name));
        for (let hop = 0; found?.target !== undefined && hop < maxHops; hop++) found = this.#members.get(found.target);
        return found === undefined || found.target !== undefined ? undefined : tar.section(found.offset, found.size);
      },
    };
  }
}

/** A small member whole. Throws `EVIDENCE_LIMIT` when it has more bytes. */
export function readSection(section: DiskSection, maxBytes: number, what: string): Buffer {
  if (section.size > maxBytes) {
    throw new VakthundError('EVIDENCE_LIMIT', `the ${what} has more than ${formatBytes(maxBytes)}`);
  }
  const bytes = Buffer.alloc(section.size);
  return bytes.subarray(0, section.fill(bytes, 0, bytes.length, 0));
}
