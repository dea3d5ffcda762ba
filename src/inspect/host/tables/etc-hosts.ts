import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'etc_hosts',
  title: 'Names of /etc/hosts',
  description: 'From `/etc/hosts`, one row per line, names parted by a space.',
  columns: { address: 'text', hostnames: 'text' },
  hidden: { pid_with_namespace: 'integer' },
  needs: 'root',
  *rows(context) {
    for (const line of context.lines('/etc/hosts')) {
      const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
      if (address !== '') yield { address, hostnames: names.join(' ') };
    }
  },
});
