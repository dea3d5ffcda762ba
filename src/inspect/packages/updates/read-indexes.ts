import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { decodeUtf8 } from '../../../base/bytes.ts';
import { compressionOf } from '../../../base/decompress.ts';
import { messageOf } from '../../../base/errors.ts';
import { isLz4Frame, unpackLz4Frame } from '../../../base/lz4.ts';
import type { Problem } from '../../../base/problem.ts';
import { openFeeds } from '../advisories/open-feed.ts';
import { nameOf, type FileTree } from '../../tree/tree.ts';
import { isArchiveIndex, readArchiveIndex, type ArchiveIndex } from './archive-index.ts';

export interface ReadIndexes {
  readonly indexes: readonly ArchiveIndex[];
  readonly problems: readonly Problem[];
}

const listFolder = '/var/lib/apt/lists';
/** The largest index of Debian has 60 MB. */
const maxIndexBytes = 2 ** 28;
const maxIndexes = 100;

/** The lists of security archives that apt left in a tree. Those of the release itself are large, and tell of no repair by themselves. */
export function indexesOfTree(tree: FileTree): ReadIndexes {
  const indexes: ArchiveIndex[] = [];
  const problems: Problem[] = [];
  const lists = tree.list(listFolder).filter(({ type, path }) => type === 'file' && isSecurityList(nameOf(path)));
  for (const { path } of lists.slice(0, maxIndexes)) {
    const bytes = tree.read(path, maxIndexBytes);
    if (bytes === undefined) continue;
    try {
      const text = decodeUtf8(unpack(bytes));
      if (isArchiveIndex(text.slice(0, 65_536))) indexes.push(readArchiveIndex(text, path));
    } catch (error) {
      problems.push({ code: 'decompress-failed', at: { path }, message: messageOf(error) });
    }
  }
  return { indexes, problems };
}

function isSecurityList(name: string): boolean {
  return /security.*_Packages(?:\.(?:lz4|gz|zst))?$/.test(name);
}

function unpack(bytes: Buffer): Buffer {
  if (isLz4Frame(bytes)) {
    const unpacked = unpackLz4Frame(bytes, maxIndexBytes);
    if (unpacked === undefined) throw new Error('the LZ4 frame is damaged, or too large');
    return unpacked;
  }
  const compression = compressionOf(bytes);
  if (compression === 'gzip') return gunzipSync(bytes, { maxOutputLength: maxIndexBytes });
  return compression === 'zstd' ? zstdDecompressSync(bytes, { maxOutputLength: maxIndexBytes }) : bytes;
}

/** Indexes that were given: files, folders and archives of them (`Packages.xz`, `APKINDEX.tar.gz`, apt's lists). */
export async function readIndexFiles(paths: readonly string[]): Promise<ReadIndexes> {
  const indexes: ArchiveIndex[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    const before = indexes.length;
    for await (const opened of openFeeds(path)) {
      if ('problem' in opened) {
        problems.push(opened.problem);
        continue;
      }
      try {
        const text = decodeUtf8(unpack(opened.bytes));
        if (isArchiveIndex(text.slice(0, 65_536))) indexes.push(readArchiveIndex(text, opened.path));
      } catch (error) {
        problems.push({ code: 'decompress-failed', at: { path: opened.path }, message: messageOf(error) });
      }
    }
    if (indexes.length > before) continue;
    problems.push({
      code: 'unknown-format',
      at: { path },
      message: 'no index of a package archive (Packages, APKINDEX)',
    });
  }
  return { indexes, problems };
}
