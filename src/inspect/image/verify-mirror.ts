import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Mirror } from './signatures/_tuf/refresh.ts';

/** Names of files of a repository: no way out of its folder. */
const safeName = /^(?!.*(?:^|\/)\.\.?(?:\/|$))[A-Za-z0-9_.%/-]{1,1024}$/;

/**
 * A TUF repository that was copied into a folder: `metadata` and `targets` in it, or, as the servers have it, the metadata at its top
 * and `targets` beside them.
 */
export function folderMirror(folder: string): Mirror {
  const metadata = join(folder, 'metadata');
  const top = statSync(metadata, { throwIfNoEntry: false })?.isDirectory() === true ? metadata : folder;
  return {
    metadata: (name, maxBytes) => readBounded(top, name, maxBytes),
    target: (name, maxBytes) => readBounded(join(folder, 'targets'), name, maxBytes),
  };
}

function readBounded(folder: string, name: string, maxBytes: number): Buffer | undefined {
  if (!safeName.test(name) || name.startsWith('/')) return undefined;
  const path = join(folder, name);
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size <= maxBytes ? readFileSync(path) : undefined;
}
