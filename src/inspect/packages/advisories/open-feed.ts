import { createReadStream, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import tar from 'tar-stream';
import type { Entry } from 'yauzl';
import { formatBytes } from '../../../base/bytes.ts';
import { compressionOf, decompressed } from '../../../base/decompress.ts';
import { messageOf } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import type { FeedFile } from './format.ts';
import { ZipArchive } from './zip-file.ts';

/** Bytes of one file of advisories, uncompressed. The largest published one (Debian's tracker) has about 70 MB. */
const maxFileBytes = 512 << 20;
const maxFiles = 2_000_000;
const maxFolderDepth = 12;
/** Memory that is taken on the word of an archive. */
const maxClaimedBytes = 16 << 20;

export type Opened = FeedFile | { readonly problem: Problem };

/** Files below a path, out of folders, `.gz`, `.zst`, `.xz`, `.tar`, `.tar.gz` and `.zip`, in the order of names. */
export function openFeeds(path: string): AsyncGenerator<Opened> {
  return openPath(path, 0);
}

async function* openPath(path: string, depth: number): AsyncGenerator<Opened> {
  try {
    const stat = statSync(path);
    if (!stat.isDirectory()) yield* openFile(path, stat.size);
    else if (depth >= maxFolderDepth) yield problem(path, 'limit-reached', 'folders are nested too deep');
    else yield* openFolder(path, depth);
  } catch (error) {
    yield problem(path, 'unreadable', messageOf(error));
  }
}

async function* openFolder(path: string, depth: number): AsyncGenerator<Opened> {
  const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
  for (const name of names) yield* openPath(join(path, name), depth + 1);
}

async function* openFile(path: string, size: number): AsyncGenerator<Opened> {
  if (/\.zip$/i.test(path)) yield* zipMembers(path);
  else if (/\.(?:tar(?:\.(?:gz|xz|zst|bz2))?|tgz|txz)$/i.test(path)) yield* tarMembers(path);
  else if (size > maxFileBytes) yield tooLarge(path, size);
  else yield await unpack(path, createReadStream(path), size);
}

function tooLarge(path: string, size: number): Opened {
  return problem(path, 'limit-reached', `it has ${formatBytes(size)} and was not read`);
}

/** Content of a file that may be compressed, told from its first bytes; `size` is what it takes there. */
async function unpack(path: string, content: Iterable<Buffer> | AsyncIterable<Buffer>, size: number): Promise<Opened> {
  // Most are not compressed: then this is all the memory that it takes.
  let bytes = Buffer.allocUnsafe(Math.min(size, maxFileBytes));
  let length = 0;
  try {
    for await (const chunk of decompressed(content)) {
      const end = length + chunk.length;
      if (end > maxFileBytes) return tooLarge(path, end);
      if (end > bytes.length) bytes = grown(bytes, length, end);
      chunk.copy(bytes, length);
      length = end;
    }
  } catch (error) {
    return problem(path, 'decompress-failed', messageOf(error));
  }
  return { path, bytes: bytes.subarray(0, length) };
}

function grown(bytes: Buffer, length: number, needed: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafe(Math.min(Math.max(needed, bytes.length * 2), maxFileBytes));
  bytes.copy(larger, 0, 0, length);
  return larger;
}

async function* tarMembers(path: string): AsyncGenerator<Opened> {
  const extract = tar.extract();
  // What ends the one ends the other: a damaged stream is told by the reading below.
  pipeline(Readable.from(decompressed(createReadStream(path))), extract, () => undefined);
  let count = 0;
  for await (const entry of extract) {
    const { name, type, size } = entry.header;
    const place = `${path}!${name}`;
    if (type !== 'file') entry.resume();
    else if (size <= maxFileBytes && ++count <= maxFiles) {
      yield await unpack(place, entry as AsyncIterable<Buffer>, Math.min(size, maxClaimedBytes));
    } else {
      yield problem(place, 'limit-reached', 'a member is too large, or one too many');
      entry.resume();
    }
  }
}

async function* zipMembers(path: string): AsyncGenerator<Opened> {
  const zip = await ZipArchive.open(path);
  try {
    let count = 0;
    for (let entry = await zip.nextEntry(); entry !== undefined; entry = await zip.nextEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      const name = `${path}!${entry.fileName}`;
      if (entry.uncompressedSize > maxFileBytes || ++count > maxFiles) {
        yield problem(name, 'limit-reached', 'a member is too large, or one too many');
      } else yield await zipMember(zip, entry, name);
    }
  } finally {
    zip.close();
  }
}

/** A member that is damaged leaves the others. */
async function zipMember(zip: ZipArchive, entry: Entry, name: string): Promise<Opened> {
  try {
    const claimed = Math.min(entry.uncompressedSize, maxClaimedBytes);
    if (Math.max(entry.compressedSize, entry.uncompressedSize) > maxClaimedBytes) {
      return await unpack(name, (await zip.stream(entry)) as AsyncIterable<Buffer>, claimed);
    }
    const bytes = zip.content(entry);
    return compressionOf(bytes) === 'none' ? { path: name, bytes } : await unpack(name, [bytes], claimed);
  } catch (error) {
    return problem(name, 'decompress-failed', messageOf(error));
  }
}

function problem(path: string, code: Problem['code'], message: string): Opened {
  return { problem: { code, at: { path }, message } };
}
