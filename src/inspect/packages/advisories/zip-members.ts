import type { Entry } from 'yauzl';
import { compressionOf } from '../../../base/decompress.ts';
import { messageOf } from '../../../base/errors.ts';
import { maxClaimedBytes, maxFileBytes, maxFiles, problem, unpack, type Opened } from './unpack-file.ts';
import { ZipArchive } from './zip-file.ts';

/** The files in a ZIP archive, in the order of its directory. Throws where it is none. */
export async function* zipMembers(path: string): AsyncGenerator<Opened> {
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
