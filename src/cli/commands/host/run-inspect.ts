import { readlinkSync, realpathSync, statSync } from 'node:fs';
import { VakthundError } from '../../../base/errors.ts';
import { foreignMounts } from '../../../inspect/host/foreign-mounts.ts';
import { inspectHost, type InspectHostOptions } from '../../../inspect/host/inspect-host.ts';
import { persistence } from '../../../inspect/host/persistence/registry.generated.ts';
import { LiveHost } from '../../../inspect/host/proc/live-host.ts';
import { ProcFolder } from '../../../inspect/host/proc/proc-folder.ts';
import { FolderTree } from '../../../inspect/tree/folder-tree.ts';
import type { FileTree } from '../../../inspect/tree/tree.ts';
import type { ExitCode } from '../../command.ts';
import { createProgress } from '../../progress.ts';
import { printInspection } from '../../print-inspection.ts';
import type { Terminal } from '../../terminal.ts';
import type { InspectOptions } from './inspect-options.ts';

/** `host inspect`: everything that is planted in this machine, a root or an image. */
export async function inspectHostOrImage(options: InspectOptions, terminal: Terminal): Promise<ExitCode> {
  const { root, image } = options;
  if (root !== undefined && image !== undefined) {
    throw new VakthundError('USAGE', 'give either --root or --image', { hint: 'vakthund host inspect --help' });
  }
  checkNames(options.only ?? []);
  if (image !== undefined) {
    const { openImage } = await import('../../../inspect/image/open-image.ts');
    const platform = options.platform === undefined ? {} : { platform: options.platform };
    const opened = await openImage(image, { ...platform, signal: terminal.signal });
    try {
      return await inspectTree(opened.tree, {}, options, terminal);
    } finally {
      opened.close();
    }
  }
  const folder = folderOf(root);
  const proc = new ProcFolder();
  const live = liveIn(proc, folder);
  const more = { foreign: foreignMounts(proc, folder), ...(live === undefined ? {} : { live }) };
  return inspectTree(new FolderTree(folder), more, options, terminal);
}

async function inspectTree(
  tree: FileTree,
  more: InspectHostOptions,
  options: InspectOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const progress = createProgress(terminal);
  const inspection = inspectHost(tree, {
    ...more,
    ...(options.only === undefined ? {} : { only: options.only }),
    signal: terminal.signal,
    onProgress: (what, done, total) => progress.show({ phase: 'detect', what, done, total }),
  });
  progress.end();
  return printInspection(inspection, options, terminal, tree);
}

function checkNames(names: readonly string[]): void {
  for (const name of names) {
    if (Object.hasOwn(persistence, name)) continue;
    throw new VakthundError('NOT_FOUND', `there is no technique "${name}"`, {
      hint: `one of ${Object.keys(persistence).join(', ')}`,
    });
  }
}

/** The folder of the root; `/`, this machine, when none is named. */
function folderOf(root: string | undefined): string {
  if (root === undefined) return '/';
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new VakthundError('NOT_FOUND', `there is no folder "${root}"`);
  }
  // The folder of a process's root is left as it is: its link leads to our own root.
  return /^\/proc\/\d+\/root\/?$/.test(root) ? root.replace(/\/$/, '') : realpathSync(root);
}

/** The processes that belong to what is looked at: all, those with the root of a chroot, or those of a container. */
function liveIn(proc: ProcFolder, folder: string): LiveHost | undefined {
  const self = process.pid;
  if (folder === '/') return new LiveHost(proc, { self });
  const container = /^\/proc\/(?<pid>\d+)\/root$/.exec(folder)?.groups?.['pid'];
  const live =
    container === undefined
      ? new LiveHost(proc, { self, root: folder })
      : new LiveHost(proc, { self, mountNamespace: readlinkSync(`/proc/${container}/ns/mnt`) });
  return live.processes().length === 0 ? undefined : live;
}
