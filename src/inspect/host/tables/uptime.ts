import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'uptime',
  title: 'Time since the machine was started',
  description: 'From `/proc/uptime`.',
  columns: { days: 'integer', hours: 'integer', minutes: 'integer', seconds: 'integer', total_seconds: 'bigint' },
  needs: 'live',
  *rows({ proc }) {
    const total = Math.floor(Number(proc.text('uptime').split(' ')[0] ?? ''));
    yield {
      days: Math.floor(total / 86_400),
      hours: Math.floor(total / 3600) % 24,
      minutes: Math.floor(total / 60) % 60,
      seconds: total % 60,
      total_seconds: total,
    };
  },
});
