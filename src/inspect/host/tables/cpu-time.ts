import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'cpu_time',
  title: 'What the processors did since the start',
  description: 'From `/proc/stat`, in hundredths of a second.',
  columns: {
    core: 'integer',
    user: 'bigint',
    nice: 'bigint',
    system: 'bigint',
    idle: 'bigint',
    iowait: 'bigint',
    irq: 'bigint',
    softirq: 'bigint',
    steal: 'bigint',
    guest: 'bigint',
    guest_nice: 'bigint',
  },
  needs: 'live',
  *rows({ proc }) {
    for (const line of proc.text('stat').split('\n')) {
      const fields = /^cpu(?<core>\d+) (?<times>.*)$/.exec(line)?.groups;
      if (fields === undefined) continue;
      const [user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice] = (fields['times'] ?? '')
        .split(' ')
        .map(Number);
      const times = { user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice };
      yield { core: Number(fields['core']), ...times };
    }
  },
});
