import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import tar from 'tar-stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { decompressed } from '../../../base/decompress.ts';
import { messageOf } from '../../../base/errors.ts';
import { quote, type ProblemList } from '../../../base/problem.ts';
import { folderMembers } from './folder-members.ts';
import type { Member } from './member.ts';

/** Members of a tar (packed or not), a zip, or a folder into which one was unpacked. Damage of a tar ends them early with a problem. */
export async function* readMembers(path: string, problems: ProblemList): AsyncGenerator<Member> {
  try {
    if (statSync(path).isDirectory()) yield* folderMembers(path, problems);
    else yield* isZip(path) ? zipMembers(path, problems) : tarMembers(path);
  } catch (error) {
    const message = `the bundle is damaged: ${messageOf(error)}; what came before was read`;
    problems.add({ code: 'decompress-failed', at: { path }, message });
  }
}

function isZip(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const head = Buffer.alloc(4);
    readSync(descriptor, head, 0, 4, 0);
    return head.equals(Buffer.from('PK\u0003\u0004'));
  } finally {
    closeSync(descriptor);
  }
}

async function* tarMembers(path: string): AsyncGenerator<Member> {
  const extract = tar.extract();
  const bytes = decompressed(createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>);
  const feeding = pipeline(Readable.from(bytes), extract).catch((error: unknown) => extract.destroy(error as Error));
  for await (const entry of extract) {
    const { name, type, mode, uid, gid, mtime, linkname, size } = entry.header;
    const kind = tarTypes[type ?? 'file'];
    if (kind !== undefined) {
      const facts = {
        ...(mode === undefined ? {} : { mode: mode & 0o7777 }),
        ...(uid === undefined ? {} : { uid }),
        ...(gid === undefined ? {} : { gid }),
        ...(mtime === undefined ? {} : { mtime: mtime.getTime() * 1000 }),
        ...(kind === 'symlink' ? { target: linkname ?? '' } : {}),
      };
      const link = type === 'link' ? { linkTo: linkname ?? '' } : {};
      yield { name, type: kind, size: size ?? 0, ...link, facts, content: entry as AsyncIterable<Buffer> };
    }
    entry.resume();
  }
  await feeding;
}

const tarTypes: Readonly<Record<string, Member['type'] | undefined>> = {
  file: 'file',
  link: 'file',
  'contiguous-file': 'file',
  directory: 'directory',
  symlink: 'symlink',
};

/** Members of a zip stand apart from each other: one with damage, or with a name that leads outside, costs none of the others. */
async function* zipMembers(path: string, problems: ProblemList): AsyncGenerator<Member> {
  // A library that reads the names itself ends at the first one that it does not like.
  const zip = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
      if (entry.isEncrypted() || !entry.canDecodeFileData()) {
        const why = entry.isEncrypted()
          ? 'is encrypted: unpack it with its password'
          : 'is packed in a way that is not known';
        problems.add({ code: 'unsupported', at: { path }, message: `${quote(name)} ${why}; it was not read` });
        continue;
      }
      try {
        yield await zipMember(zip, entry, name);
      } catch (error) {
        problems.add({ code: 'unreadable', at: { path }, message: `${quote(name)}: ${messageOf(error)}` });
      }
    }
  } finally {
    zip.close();
  }
}

async function zipMember(zip: ZipFile, entry: Entry, name: string): Promise<Member> {
  const unixMode = entry.versionMadeBy >>> 8 === madeByUnix ? entry.externalFileAttributes >>> 16 : 0;
  const facts = {
    mtime: entry.getLastModDate().getTime() * 1000,
    ...(unixMode === 0 ? {} : { mode: unixMode & 0o7777 }),
  };
  if (name.endsWith('/')) return { name, type: 'directory', size: 0, facts, content: Readable.from([]) };
  const content = checked(await zip.openReadStreamPromise(entry), entry.crc32);
  const size = entry.uncompressedSize;
  if ((unixMode & 0o170_000) !== 0o120_000 || size > maxTargetBytes) {
    return { name, type: 'file', size, facts, content, isApart: true };
  }
  // Its content is what it leads to.
  const target = Buffer.concat(await Array.fromAsync(content)).toString('utf8');
  return { name, type: 'symlink', size: 0, facts: { ...facts, target }, content: Readable.from([]) };
}

/** The same bytes; fails at their end when they are not those that were packed. */
async function* checked(content: Readable, expected: number): AsyncGenerator<Buffer> {
  let sum = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== expected) throw new Error('its checksum is another: what was read of it is not what was packed');
}

/** System in the upper byte of "version made by" (APPNOTE 4.4.2); its modes stand in the upper half of the external attributes. */
const madeByUnix = 3;
/** Longest name that Linux follows. */
const maxTargetBytes = 4096;
