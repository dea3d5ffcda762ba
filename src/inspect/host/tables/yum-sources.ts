import { defineHostTable } from '../table.ts';
import { readSections } from '../ini.ts';

export const table = defineHostTable({
  id: 'yum_sources',
  title: 'Where yum and dnf take packages from',
  description: 'From `/etc/yum.conf`, `/etc/dnf/dnf.conf` and `/etc/yum.repos.d/*.repo`.',
  columns: {
    name: 'text',
    source: 'text',
    baseurl: 'text',
    mirrorlist: 'text',
    metalink: 'text',
    enabled: 'text',
    gpgcheck: 'text',
    gpgkey: 'text',
  },
  hidden: { pid_with_namespace: 'integer' },
  needs: 'root',
  *rows(context) {
    const repositories = context.tree.list('/etc/yum.repos.d').map(({ path }) => path);
    const files = ['/etc/yum.conf', '/etc/dnf/dnf.conf', ...repositories.filter((path) => path.endsWith('.repo'))];
    for (const source of files) {
      for (const { name, values } of readSections(context.lines(source))) {
        if (name === 'main' || name === '') continue;
        const value = (key: string): string => values.get(key) ?? '';
        yield {
          name: value('name') === '' ? name : value('name'),
          source,
          baseurl: value('baseurl'),
          mirrorlist: value('mirrorlist'),
          metalink: value('metalink'),
          enabled: value('enabled'),
          gpgcheck: value('gpgcheck'),
          gpgkey: value('gpgkey'),
        };
      }
    }
  },
});
