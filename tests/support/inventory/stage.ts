import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Claim } from '../../../src/inspect/claim.ts';
import { inspectHost } from '../../../src/inspect/host/inspect-host.ts';
import { LiveHost } from '../../../src/inspect/host/proc/live-host.ts';
import { ProcFolder } from '../../../src/inspect/host/proc/proc-folder.ts';
import { FolderTree } from '../../../src/inspect/tree/folder-tree.ts';
import type { FileTree } from '../../../src/inspect/tree/tree.ts';
import { writeProcFile, writeProcess } from '../fake-proc.ts';
import { smallDebian } from '../inspect-files.ts';
import { MemoryTree, memoryBytes } from '../memory-tree.ts';
import type { PlantedFiles, Scene } from './row.ts';

/** All that is found in a scene on a small Debian. Its files are written into `folder`, which must be empty. */
export function inspectScene(scene: Scene, folder: string): readonly Claim[] {
  const tree = treeOf({ ...smallDebian, ...scene.files }, join(folder, 'root'));
  const { processes, proc } = scene;
  if (processes === undefined && proc === undefined) return inspectHost(tree).claims;
  const at = join(folder, 'host/proc');
  mkdirSync(at, { recursive: true });
  for (const process of processes ?? []) writeProcess(at, process);
  for (const [path, text] of Object.entries(proc ?? {})) writeProcFile(at, path, text);
  return inspectHost(tree, { live: new LiveHost(new ProcFolder(at), { self: 22_222 }) }).claims;
}

/** In a folder where one can be written as it is said to be; in memory without root, and for attributes that not every file system has. */
function treeOf(files: PlantedFiles, root: string): FileTree {
  const isPlain = Object.values(files).every(
    (file) => !(typeof file === 'object' && ('xattrs' in file || 'isImmutable' in file || 'btime' in file)),
  );
  if (!isPlain || process.getuid?.() !== 0) return new MemoryTree(files);
  const layout = new MemoryTree(files);
  for (const [path, file] of Object.entries(files)) {
    const place = join(root, path);
    mkdirSync(dirname(place), { recursive: true });
    if (typeof file === 'object' && 'target' in file) {
      symlinkSync(file.target, place);
      continue;
    }
    writeFileSync(place, memoryBytes(file));
    chmodSync(place, layout.lstat(path)?.mode ?? 0o644);
    const { mtime } = typeof file === 'object' && 'mtime' in file ? file : {};
    if (mtime !== undefined) utimesSync(place, mtime / 1e6, mtime / 1e6);
  }
  return new FolderTree(root);
}
