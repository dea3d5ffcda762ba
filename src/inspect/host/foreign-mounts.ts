import type { ProcFolder } from './proc/proc-folder.ts';
import { mountsOf } from './proc/mounts.ts';

/** Kinds of file systems that hold a machine's own files. */
const ownTypes: ReadonlySet<string> = new Set([
  'ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'f2fs', 'jfs', 'reiserfs', 'bcachefs', 'vfat', 'exfat', 'tmpfs', 'ramfs', 'devtmpfs',
  'erofs', 'ubifs', 'jffs2', 'nilfs2', 'minix',
]); // prettier-ignore
/** The kernel's own, which hold no files that somebody could plant. */
const kernelTypes: ReadonlySet<string> = new Set([
  'proc', 'sysfs', 'cgroup', 'cgroup2', 'devpts', 'mqueue', 'debugfs', 'tracefs', 'securityfs', 'pstore', 'bpf', 'configfs', 'fusectl',
  'hugetlbfs', 'binfmt_misc', 'autofs', 'efivarfs', 'rpc_pipefs', 'nsfs', 'selinuxfs',
]); // prettier-ignore

export interface ForeignMounts {
  /** Folders of the tree that are not walked. */
  readonly folders: ReadonlySet<string>;
  /** Those among them that do hold files: other machines' disks, containers' roots. */
  readonly told: readonly { readonly path: string; readonly type: string }[];
}

/**
 * What is mounted below a folder of this machine and belongs to something else; paths are told from that folder. Of the root of a process
 * (`/proc/PID/root`) what is mounted in its own namespace.
 */
export function foreignMounts(proc: ProcFolder, root: string): ForeignMounts {
  const folders = new Set<string>();
  const told: { readonly path: string; readonly type: string }[] = [];
  const inside = /^\/proc\/(?<pid>\d+)\/root$/.exec(root)?.groups?.['pid'];
  const prefix = root === '/' || inside !== undefined ? '' : root;
  for (const { point, type } of mountsOf(proc, inside === undefined ? 'self' : Number(inside))) {
    if (!point.startsWith(`${prefix}/`) || point === '/' || ownTypes.has(type)) continue;
    const path = point.slice(prefix.length);
    if (!kernelTypes.has(type) && !folders.has(path)) told.push({ path, type });
    folders.add(path);
  }
  return { folders, told };
}
