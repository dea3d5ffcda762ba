import { defineHostTable } from '../table.ts';
import { installedPackages } from '../installed-packages.ts';
import type { TableContext } from '../table-context.ts';

export const table = defineHostTable({
  id: 'rpm_package_files',
  title: 'Files of packages of rpm',
  description: 'From the database of rpm; `size` is not told, and `sha256` only where rpm has that digest.',
  columns: {
    package: 'text',
    path: 'text',
    username: 'text',
    groupname: 'text',
    mode: 'text',
    size: 'bigint',
    sha256: 'text',
  },
  needs: 'root',
  narrowedBy: ['package'],
  *rows(context, constraints) {
    for (const { name, files } of installedPackages(context.tree, ['rpm'])) {
      if (!constraints.allows('package', name)) continue;
      for (const { path, mode, uid, gid, digest } of files) {
        yield {
          package: name,
          path,
          ...namesOf(context, uid, gid),
          mode: mode === undefined ? null : `0${(mode & 0o7777).toString(8).padStart(3, '0')}`.slice(-4),
          sha256: digest?.algorithm === 'sha256' ? digest.hex : null,
        };
      }
    }
  },
});

function namesOf(context: TableContext, uid?: number, gid?: number): Record<'username' | 'groupname', string | null> {
  return {
    username: uid === undefined ? null : context.userName(uid),
    groupname: gid === undefined ? null : context.groupName(gid),
  };
}
