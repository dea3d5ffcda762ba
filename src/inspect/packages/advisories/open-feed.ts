import { createReadStream, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip, gunzipSync, zstdDecompressSync } from 'node:zlib';
import tar from 'tar-stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { formatBytes } from '../../../base/bytes.ts';
import { messageOf } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import type { FeedFile } from './format.ts';

/** Bytes of one file of advisories, uncompressed. The largest published one (Debian's tracker) has about 70 MB. */
const maxFileBytes = 512 << 20;
const maxFiles = 2_000_000;
const maxFolderDepth = 12;

export type Opened = FeedFile | { readonly problem: Problem };

/** Files below a path, out of folders, `.gz`, `.zst`, `.tar`, `.tar.gz` and `.zip`, in the order of names. */
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
  else if (/\.(?:tar\.gz|tgz|tar)$/i.test(path)) yield* tarMembers(path);
  else if (size > maxFileBytes) yield problem(path, 'limit-reached', `it has ${formatBytes(size)} and was not read`);
  else yield unpack(path, await readFile(path));
}

/** Content of a file that may be compressed; told from its first bytes. */
function unpack(path: string, bytes: Buffer): Opened {
  const [isGzip, isZstd] = [startsWith(bytes, gzip), startsWith(bytes, zstd)];
  if (startsWith(bytes, xz)) return problem(path, 'unsupported', 'xz is not read; unpack it and give the result');
  try {
    if (isGzip) return { path, bytes: gunzipSync(bytes, { maxOutputLength: maxFileBytes }) };
    if (isZstd) return { path, bytes: zstdDecompressSync(bytes, { maxOutputLength: maxFileBytes }) };
    return { path, bytes };
  } catch (error) {
    return problem(path, 'decompress-failed', messageOf(error));
  }
}

const gzip = [0x1f, 0x8b];
const zstd = [0x28, 0xb5, 0x2f, 0xfd];
const xz = [0xfd, 0x37, 0x7a, 0x58, 0x5a];

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

async function* tarMembers(path: string): AsyncGenerator<Opened> {
  const extract = tar.extract();
  const source = createReadStream(path);
  const fail = (error: Error): void => {
    extract.destroy(error);
  };
  source.on('error', fail);
  if (/\.tar$/i.test(path)) source.pipe(extract);
  else source.pipe(createGunzip().on('error', fail)).pipe(extract);
  let count = 0;
  for await (const entry of extract) {
    const { name, type, size } = entry.header;
    if (type !== 'file' || size > maxFileBytes || ++count > maxFiles) {
      if (type === 'file') yield problem(`${path}!${name}`, 'limit-reached', 'a member is too large, or one too many');
      entry.resume();
      continue;
    }
    yield unpack(`${path}!${name}`, await buffer(entry));
  }
}

async function* zipMembers(path: string): AsyncGenerator<Opened> {
  const zip = await openZip(path);
  try {
    let count = 0;
    for (let entry = await nextEntry(zip); entry !== undefined; entry = await nextEntry(zip)) {
      if (entry.fileName.endsWith('/')) continue;
      const name = `${path}!${entry.fileName}`;
      if (entry.uncompressedSize > maxFileBytes || ++count > maxFiles) {
        yield problem(name, 'limit-reached', 'a member is too large, or one too many');
        continue;
      }
      yield unpack(name, await readMember(zip, entry));
    }
  } finally {
    zip.close();
  }
}

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const done = (entry?: Entry): void => {
      zip.removeAllListeners();
      resolve(entry);
    };
    zip.once('entry', done);
    zip.once('end', () => done());
    zip.once('error', reject);
    zip.readEntry();
  });
}

async function readMember(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, content) => {
      if (error) reject(error);
      else resolve(content);
    });
  });
  return buffer(stream);
}

function problem(path: string, code: Problem['code'], message: string): Opened {
  return { problem: { code, at: { path }, message } };
}
