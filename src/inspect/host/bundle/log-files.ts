import { walkTree, type FileTree, type TreeEntry } from '../../tree/tree.ts';

/** Where logs and settings of recorders stand that an investigation reads, besides what techniques and tables look at. */
const folders = [
  '/var/log',
  '/run/log/journal',
  '/etc/audit',
  '/etc/rsyslog.d',
  '/etc/docker',
  '/etc/containers',
  '/var/lib/docker/containers',
  '/var/lib/containers/storage/overlay-containers',
];
const files = ['/etc/rsyslog.conf', '/var/run/utmp', '/run/utmp'];
/** Names looked at below one folder. */
const maxEntries = 100_000;

/** Files of logs, the newest first. */
export function logFiles(tree: FileTree): TreeEntry[] {
  const found = new Map<string, TreeEntry>();
  for (const folder of folders) {
    let left = maxEntries;
    for (const entry of walkTree(tree, folder)) {
      if (entry.type === 'file') found.set(entry.path, entry);
      if (--left <= 0) break;
    }
  }
  for (const path of files) {
    const entry = tree.stat(path);
    if (entry?.type === 'file') found.set(entry.path, entry);
  }
  return [...found.values()].sort((left, right) => right.mtime - left.mtime);
}
