import { statfsSync } from 'node:fs';
import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'mounts',
  title: 'Mounted file systems',
  description:
    'From `/proc/self/mounts`, with sizes in blocks of `blocks_size` bytes. A file system that does not answer has none.',
  columns: {
    device: 'text',
    device_alias: 'text',
    path: 'text',
    type: 'text',
    blocks_size: 'bigint',
    blocks: 'bigint',
    blocks_free: 'bigint',
    blocks_available: 'bigint',
    inodes: 'bigint',
    inodes_free: 'bigint',
    flags: 'text',
  },
  needs: 'live',
  *rows(context) {
    for (const line of context.proc.text('self/mounts').split('\n')) {
      const [device = '', path = '', type = '', flags = ''] = line.split(' ').map(unescape);
      if (path === '') continue;
      const alias = device.startsWith('/') ? (context.tree.stat(device)?.path ?? device) : device;
      yield { device, device_alias: alias, path, type, flags, ...sizesOf(path, type) };
    }
  },
});

/** Asking these may wait for a server that is gone, or for an automounter. */
const remoteTypes = /^(?:nfs|cifs|smb|fuse|autofs|9p|ceph|afs)/;

function sizesOf(path: string, type: string): Record<string, number> {
  if (remoteTypes.test(type)) return {};
  try {
    const { bsize, blocks, bfree, bavail, files, ffree } = statfsSync(path);
    return {
      blocks_size: bsize,
      blocks,
      blocks_free: bfree,
      blocks_available: bavail,
      inodes: files,
      inodes_free: ffree,
    };
  } catch {
    return {};
  }
}

/** Spaces, tabs, line feeds and backslashes stand as octal numbers (getmntent(3)). */
function unescape(field: string): string {
  return field.replaceAll(/\\(?<octal>[0-7]{3})/g, (_all, octal: string) =>
    String.fromCodePoint(Number.parseInt(octal, 8)),
  );
}
