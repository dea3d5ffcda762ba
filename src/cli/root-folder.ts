import { readlinkSync, realpathSync, statSync } from 'node:fs';
import { VakthundError } from '../base/errors.ts';
import { LiveHost, type LiveScope } from '../inspect/host/proc/live-host.ts';
import { ProcFolder } from '../inspect/host/proc/proc-folder.ts';

/** The folder of the root; `/`, this machine, when none is named. */
export function rootFolder(root: string | undefined): string {
  if (root === undefined) return '/';
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new VakthundError('NOT_FOUND', `there is no folder "${root}"`);
  }
  // The folder of a process's root is left as it is: its link leads to our own root.
  return /^\/proc\/\d+\/root\/?$/.test(root) ? root.replace(/\/$/, '') : realpathSync(root);
}

/** The processes that belong to what is looked at: all, those with the root of a chroot, or those of a container. Undefined when there are none. */
export function scopeOf(folder: string): LiveScope | undefined {
  const self = process.pid;
  if (folder === '/') return { self };
  const container = /^\/proc\/(?<pid>\d+)\/root$/.exec(folder)?.groups?.['pid'];
  const scope =
    container === undefined
      ? { self, root: folder }
      : { self, mountNamespace: readlinkSync(`/proc/${container}/ns/mnt`) };
  return new LiveHost(new ProcFolder(), scope).processes().length === 0 ? undefined : scope;
}
