import { defineHostTable } from '../table.ts';
import { childOf, nameOf, walkTree, type TreeEntry } from '../../tree/tree.ts';
import type { HostContext } from '../host-context.ts';

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
        const { accounts } = context;
        yield {
          path: entry.path,
          username: accounts.userName(target.uid) ?? null,
          groupname: accounts.groupName(target.gid) ?? null,
          permissions: `${(target.mode & 0o4000) === 0 ? '' : 'S'}${(target.mode & 0o2000) === 0 ? '' : 'G'}`,
        };
      }
    }
  },
});

const folders = ['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/tmp'];

/** What a folder holds, at any depth, under the name by which it was asked for. */
function* below({ tree }: HostContext, folder: string): Generator<TreeEntry> {
  const real = tree.stat(folder);
  if (real?.type !== 'directory') return;
  for (const entry of walkTree(tree, folder)) {
    const rest = entry.path.slice(real.path.length + 1);
    yield rest === nameOf(entry.path) || rest !== '' ? { ...entry, path: childOf(folder, rest) } : entry;
  }
}
