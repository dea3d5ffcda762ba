import { createReadStream, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import tar from 'tar-stream';
import { decompressed } from '../../../base/decompress.ts';
import { messageOf } from '../../../base/errors.ts';
import { maxClaimedBytes, maxFileBytes, maxFiles, problem, tooLarge, unpack, type Opened } from './unpack-file.ts';
import { zipMembers } from './zip-members.ts';
import { zipMembersInThread } from './zip-reader.ts';

const maxFolderDepth = 12;
/** From here on a thread that unpacks is worth its beginning. */
const threadBytes = 8 << 20;

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
  if (/\.zip$/i.test(path)) yield* size < threadBytes ? zipMembers(path) : zipMembersInThread(path);
  else if (/\.(?:tar(?:\.(?:gz|xz|zst|bz2))?|tgz|txz)$/i.test(path)) yield* tarMembers(path);
  else if (size > maxFileBytes) yield tooLarge(path, size);
  else yield await unpack(path, createReadStream(path), size);
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
