import { defineHostTable } from '../table.ts';
import { nameOf } from '../../tree/tree.ts';

const admindir = '/var/lib/dpkg';

export const table = defineHostTable({
  id: 'deb_package_files',
  title: 'Files of packages of dpkg',
  description: 'From `/var/lib/dpkg/info/*.list`.',
  columns: { package: 'text', path: 'text', admindir: 'text' },
  needs: 'root',
  narrowedBy: ['package'],
  *rows(context, constraints) {
    for (const { path: list } of context.tree.list(`${admindir}/info`)) {
      if (!list.endsWith('.list')) continue;
      const name = nameOf(list).slice(0, -'.list'.length).replace(/:.*/, '');
      if (!constraints.allows('package', name)) continue;
      for (const path of context.lines(list)) if (path.startsWith('/')) yield { package: name, path, admindir };
    }
  },
});
