import { defineHostTable } from '../table.ts';
import { askedPaths } from '../asked-paths.ts';
import { nameOf, parentOf, type TreeEntry } from '../../tree/tree.ts';
import type { TableContext } from '../table-context.ts';

export const table = defineHostTable({
  id: 'file',
  title: 'What the file system says of a file',
  description:
    'Any file, folder or link that a query asks for by `path` or `directory`. As in osquery, `%` stands for a run inside one name and `%%` for everything below; of a link the file behind it is told, with `symlink` 1, and a folder that a pattern gives ends with a slash. Unlike there, `%` also takes names that begin with a dot. Times are in seconds; `device` and `block_size` are not told.',
  columns: {
    path: 'text',
    directory: 'text',
    filename: 'text',
    inode: 'bigint',
    uid: 'bigint',
    gid: 'bigint',
    mode: 'text',
    device: 'bigint',
    size: 'bigint',
    block_size: 'integer',
    atime: 'bigint',
    mtime: 'bigint',
    ctime: 'bigint',
    btime: 'bigint',
    hard_links: 'integer',
    symlink: 'integer',
    type: 'text',
    symlink_target_path: 'text',
  },
  hidden: {
    attributes: 'text',
    volume_serial: 'text',
    file_id: 'text',
    file_version: 'text',
    product_version: 'text',
    original_filename: 'text',
    shortcut_target_path: 'text',
    shortcut_target_type: 'text',
    shortcut_target_location: 'text',
    shortcut_start_in: 'text',
    shortcut_run: 'text',
    shortcut_comment: 'text',
    bsd_flags: 'text',
    pid_with_namespace: 'integer',
    mount_namespace_id: 'text',
  },
  needs: 'root',
  required: ['path', 'directory'],
  *rows(context, constraints) {
    for (const path of askedPaths(context, constraints)) {
      const entry = context.tree.lstat(path);
      if (entry !== undefined) yield rowOf(path, entry, context);
    }
  },
});

function rowOf(path: string, entry: TreeEntry, { tree }: TableContext): Record<string, string | number | null> {
  const isLink = entry.type === 'symlink';
  const behind = isLink ? tree.stat(path) : entry;
  const shown = behind ?? entry;
  return {
    path,
    ...namesOf(path),
    inode: shown.inode ?? null,
    uid: shown.uid,
    gid: shown.gid,
    mode: `0${shown.mode.toString(8).padStart(3, '0')}`.slice(-4),
    size: shown.listBytes ?? shown.size,
    atime: seconds(shown.atime),
    mtime: seconds(shown.mtime),
    ctime: seconds(shown.ctime),
    btime: seconds(shown.btime),
    hard_links: shown.links ?? null,
    symlink: isLink ? 1 : 0,
    type: behind === undefined ? 'unknown' : types[behind.type],
    symlink_target_path: entry.target ?? '',
  };
}

/** A folder that a pattern gave ends with a slash: its name is then `.`, as osquery has it. */
function namesOf(path: string): { readonly directory: string; readonly filename: string } {
  if (path.length > 1 && path.endsWith('/')) return { directory: path.slice(0, -1), filename: '.' };
  return { directory: parentOf(path), filename: nameOf(path) };
}

function seconds(micros: number | undefined): number | null {
  return micros === undefined ? null : Math.floor(micros / 1e6);
}

const types: Readonly<Record<TreeEntry['type'], string>> = {
  file: 'regular',
  directory: 'directory',
  symlink: 'symlink',
  character: 'character',
  block: 'block',
  fifo: 'fifo',
  socket: 'socket',
};
