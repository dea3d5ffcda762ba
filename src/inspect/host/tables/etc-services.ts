import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'etc_services',
  title: 'Names of ports',
  description: 'From `/etc/services`.',
  columns: { name: 'text', port: 'integer', protocol: 'text', aliases: 'text', comment: 'text' },
  needs: 'root',
  *rows(context) {
    for (const line of context.lines('/etc/services')) {
      const [body = '', comment = ''] = line.split('#', 2);
      const [name = '', target = '', ...aliases] = body.trim().split(/\s+/);
      const [port = '', protocol = ''] = target.split('/');
      if (!/^\d{1,5}$/.test(port)) continue;
      yield { name, port: Number(port), protocol, aliases: aliases.join(' '), comment: comment.trim() };
    }
  },
});
