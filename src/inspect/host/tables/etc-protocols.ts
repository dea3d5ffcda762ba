import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'etc_protocols',
  title: 'Names of IP protocols',
  description: 'From `/etc/protocols`.',
  columns: { name: 'text', number: 'integer', alias: 'text', comment: 'text' },
  needs: 'root',
  *rows(context) {
    for (const line of context.lines('/etc/protocols')) {
      const [body = '', comment = ''] = line.split('#', 2);
      const [name = '', number = '', alias = ''] = body.trim().split(/\s+/);
      if (/^\d{1,5}$/.test(number)) yield { name, number: Number(number), alias, comment: comment.trim() };
    }
  },
});
