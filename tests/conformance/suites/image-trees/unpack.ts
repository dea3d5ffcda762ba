import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `use` with a folder into which all the tar archives were unpacked, each below its own top folder; it is gone afterwards. */
export async function withUnpacked<T>(
  archives: readonly string[],
  use: (folder: string) => T | Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-trees-'));
  try {
    for (const archive of archives) {
      execFileSync('tar', ['-xf', archive, '-C', folder, '--no-same-owner', '--delay-directory-restore'], {
        stdio: ['ignore', 'ignore', 'ignore'],
      });
    }
    // Trees of others have folders without the right to write, which could not be removed.
    execFileSync('chmod', ['-R', 'u+rwX', folder]);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
