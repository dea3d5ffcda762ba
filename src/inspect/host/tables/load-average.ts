import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'load_average',
  title: 'Load of the machine',
  description: 'From `/proc/loadavg`.',
  columns: { period: 'text', average: 'text' },
  needs: 'live',
  *rows({ proc }) {
    const values = proc.text('loadavg').split(' ');
    for (const [index, period] of ['1m', '5m', '15m'].entries()) yield { period, average: values[index] ?? '' };
  },
});
