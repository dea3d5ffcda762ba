import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import yauzl from 'yauzl';
import { decompressed } from '../../../base/decompress.ts';
import { messageOf } from '../../../base/errors.ts';
import { quote, type ProblemList } from '../../../base/problem.ts';
import { folderMembers } from './folder-members.ts';
import type { Member } from './member.ts';

/** Members of a tar (packed or not), a zip, or a folder into which one was unpacked. Damage ends them early with a problem. */
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

async function* zipMembers(path: string, problems: ProblemList): AsyncGenerator<Member> {
  const zip = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const isFolder = entry.fileName.endsWith('/');
      if (entry.isEncrypted() || !entry.canDecodeFileData()) {
        const why = entry.isEncrypted()
          ? 'is encrypted: unpack it with its password'
          : 'is packed in a way that is not known';
        problems.add({
          code: 'unsupported',
          at: { path },
          message: `${quote(entry.fileName)} ${why}; it was not read`,
        });
        continue;
      }
      const unixMode = entry.versionMadeBy >>> 8 === madeByUnix ? entry.externalFileAttributes >>> 16 : 0;
      const facts = {
        mtime: entry.getLastModDate().getTime() * 1000,
        ...(unixMode === 0 ? {} : { mode: unixMode & 0o7777 }),
      };
      const content = isFolder ? Readable.from([]) : await zip.openReadStreamPromise(entry);
      const size = entry.uncompressedSize;
      if ((unixMode & 0o170_000) === 0o120_000 && size <= maxTargetBytes) {
        // Its content is what it leads to.
        const target = Buffer.concat(await Array.fromAsync(content as AsyncIterable<Buffer>)).toString('utf8');
        yield {
          name: entry.fileName,
          type: 'symlink',
          size: 0,
          facts: { ...facts, target },
          content: Readable.from([]),
        };
      } else yield { name: entry.fileName, type: isFolder ? 'directory' : 'file', size, facts, content };
    }
  } finally {
    zip.close();
  }
}

/** System in the upper byte of "version made by" (APPNOTE 4.4.2); its modes stand in the upper half of the external attributes. */
const madeByUnix = 3;
/** Longest name that Linux follows. */
const maxTargetBytes = 4096;
