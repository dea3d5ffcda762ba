import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'kernel_modules',
  title: 'Loaded kernel modules',
  description: 'From `/proc/modules`.',
  columns: { name: 'text', size: 'bigint', used_by: 'text', status: 'text', address: 'text' },
  needs: 'live',
  *rows({ proc }) {
    for (const line of proc.text('modules').split('\n')) {
      const [name = '', size = '', , used = '', status = '', address = ''] = line.split(' ');
      if (/^\d{1,12}$/.test(size)) yield { name, size: Number(size), used_by: used.replace(/,$/, ''), status, address };
    }
  },
});
