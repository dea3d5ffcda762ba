import { defineHostTable } from '../table.ts';
import { childOf, walkTree, type TreeEntry } from '../../tree/tree.ts';
import type { TableContext } from '../table-context.ts';

export const table = defineHostTable({
  id: 'suid_bin',
  title: 'Programs that run with another user’s rights',
  description:
    'Set-user-id and set-group-id files in the folders of programs, as osquery looks at them: a folder that is a link to another is listed under both names. For everywhere else ask `file`.',
  columns: { path: 'text', username: 'text', groupname: 'text', permissions: 'text' },
  hidden: { pid_with_namespace: 'integer' },
  needs: 'root',
  *rows(context) {
    for (const folder of folders) {
      for (const entry of below(context, folder)) {
        const target = entry.type === 'symlink' ? context.tree.stat(entry.path) : entry;
        if (target?.type !== 'file' || (target.mode & 0o6000) === 0) continue;
        yield {
          path: entry.path,
          username: context.userName(target.uid),
          groupname: context.groupName(target.gid),
          permissions: `${(target.mode & 0o4000) === 0 ? '' : 'S'}${(target.mode & 0o2000) === 0 ? '' : 'G'}`,
        };
      }
    }
  },
});

const folders = ['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/tmp'];

/** What a folder holds on its own file system, at any depth, under the name by which it was asked for. */
function* below({ tree }: TableContext, folder: string): Generator<TreeEntry> {
  const real = tree.stat(folder);
  if (real?.type !== 'directory') return;
  for (const entry of walkTree(tree, folder, ({ device }) => device === real.device)) {
    const rest = entry.path.slice(real.path.length + 1);
    yield { ...entry, path: childOf(folder, rest) };
  }
}
