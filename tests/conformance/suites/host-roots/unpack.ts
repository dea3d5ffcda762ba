import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Unpacks a tar archive with owners, modes and extended attributes where the user may set them. */
export async function unpackTar(archive: string, folder: string): Promise<void> {
  await promisify(execFile)('tar', ['-xpf', archive, '-C', folder, '--xattrs', '--xattrs-include=*'], {
    maxBuffer: 1 << 24,
  });
}
